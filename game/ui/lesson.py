"""The lesson's panels: briefing, steps, hints and checklist; objectives with the score so far, and the sheet."""

from __future__ import annotations

from game.ui.panel import Area, Moment, Panel
from game.ui.theme import BODY, PADDING, SMALL
from game.ui.widgets import Brush
from game.ui.words import pretty
from sim.remark_commands import TakeHint, TickItem
from sim.timing import clock_label

LINE, GAP, BUTTON = 18.0, 8.0, 28.0
LETTERS, TITLE = 44, 30
"""How many letters a line, and an objective's title beside its points, holds on average, for the height before
anything is drawn."""
MOST_LOSSES = 8


def wrap(text: str, letters: int = LETTERS) -> list[str]:
    """A text in lines of at most so many letters; an empty line ends a paragraph."""
    lines: list[str] = []
    for paragraph in text.strip().split("\n\n"):
        line = ""
        for word in paragraph.split():
            if line and len(line) + 1 + len(word) > letters:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines += [line, ""]
    return lines[:-1]


class LessonPanel(Panel):
    """What is to be done now. Before it begins, the briefing; then the step, the checklist and the hints."""

    key, title = "lesson", "Lesson"

    def __init__(self):
        self._exercise, self._over = None, False

    def work_out(self, moment: Moment) -> None:
        self._exercise = exercise = moment.exercise
        if exercise is None:
            return
        lesson, training = exercise.lesson, exercise.training
        taken, self._next = exercise.hints
        self._texts: list[tuple[list[str], str]] = []
        self._items = []
        if not exercise.begun:
            self.title = "Briefing"
            self._texts.append((wrap(training.briefing), "text"))
            self._next = None
            return
        done, steps = len(lesson.done_s), len(training.steps)
        self.title = f"Lesson, step {min(done + 1, steps)} of {steps}" if steps else "Lesson"
        self._over = exercise.over
        if exercise.over:
            self.title = "Lesson"
            self._texts.append((["The lesson is over."], "quiet"))
        elif lesson.step is not None:
            self._texts.append((wrap(lesson.step.text), "text"))
        elif steps:
            end = clock_label(moment.model.duration_s, moment.model.scenario.start)
            words = f"All steps are done. The lesson ends at {end}; + lets time run faster."
            self._texts.append((wrap(words), "quiet"))
        self._texts += [(wrap(f"Hint: {hint.text}"), "quiet") for hint in taken]
        self._items = exercise.items
        if exercise.over:
            self._next = None

    def height(self) -> float:
        if self._exercise is None:
            return 0.0
        return (sum(LINE * len(lines) + GAP for lines, _ in self._texts) + LINE * 1.3 * len(self._items)
                + (BUTTON + GAP if self._next or self._over or not self._exercise.begun else 0.0) + 4.0)

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, _) = brush.theme.px, area
        left, room = x + px(PADDING), width - px(2 * PADDING)
        for lines, tone in self._texts:
            for line in lines:
                brush.text(left, y + px(13), brush.clip(line, room, SMALL), SMALL, tone)
                y += px(LINE)
            y += px(GAP)
        for number, words, done in self._items:
            if brush.button(f"item {number}", (x + px(4), y, width - px(8), px(LINE * 1.3))):
                actions.submit(TickItem(item=number, done=not done))
            box = px(11)
            brush.list.add_rect((left, y + px(5)), (left + box, y + px(5) + box), brush.theme.color("quiet"), px(2))
            if done:
                brush.line(left + box * 0.2, y + px(5) + box * 0.5, left + box * 0.45, y + px(5) + box * 0.8, "text", 1.5)
                brush.line(left + box * 0.45, y + px(5) + box * 0.8, left + box * 0.85, y + px(5) + box * 0.15, "text", 1.5)
            brush.text(left + px(18), y + px(15), brush.clip(words, room - px(18), SMALL), SMALL,
                       "quiet" if done else "text")
            y += px(LINE * 1.3)
        if not self._exercise.begun:
            if brush.label_button("begin", "Begin (I)", (left, y, room, px(BUTTON - 2))):
                actions.begin_exercise()
        elif self._over:
            if brush.label_button("sheet", "The sheet (I)", (left, y, room, px(BUTTON - 2))):
                actions.open_sheet()
        elif self._next is not None:
            if brush.label_button("hint", f"Hint, costs {self._next.price:g} points", (left, y, room, px(BUTTON - 2))):
                actions.submit(TakeHint())


class ScorePanel(Panel):
    """Points by objective; what was lost, and the moment of it, which a click shows."""

    key, title = "score", "Score"

    def __init__(self):
        self._sheet = None

    def work_out(self, moment: Moment) -> None:
        exercise = moment.exercise
        self._sheet = exercise.score if exercise is not None and exercise.begun else None
        if self._sheet is None:
            return
        found, start = self._sheet, moment.model.scenario.start
        verdict = {None: f"pass mark {found.pass_mark:g}", True: "passed", False: "failed"}[found.passed]
        self.title = f"Score  {found.points:.1f} of 100, {verdict}"
        self._titles = [wrap(part.title, TITLE) for part in found.objectives]
        self._losses = [(loss.t_s, clock_label(loss.t_s, start), loss.points, pretty(loss.why))
                        for loss in sorted(found.losses, key=lambda loss: -loss.points)[:MOST_LOSSES]]
        self._losses.sort()

    def height(self) -> float:
        if self._sheet is None:
            return 0.0
        return (sum(LINE * len(lines) + 4.0 for lines in self._titles)
                + (GAP + 22.0 * len(self._losses) if self._losses else 0.0) + 4.0)

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, _) = brush.theme.px, area
        left, right = x + px(PADDING), x + width - px(PADDING)
        for part, lines in zip(self._sheet.objectives, self._titles):
            value = f"{part.points:.1f}" if not part.pending else "later"
            used = brush.quantity(right, y + px(14), value, f"of {part.weight:.0f}", BODY,
                                  "quiet" if part.pending else "text")
            for line in lines:
                brush.text(left, y + px(14), brush.clip(line, right - left - used - px(8), SMALL), SMALL, "quiet")
                y += px(LINE)
            y += px(4)
        y += px(GAP)
        for k, (t_s, clock, points, why) in enumerate(self._losses):
            if brush.button(f"loss {k}", (x + px(4), y, width - px(8), px(22))):
                actions.scrub(t_s)
            base = y + px(15)
            used = brush.text(left, base, clock, SMALL, "quiet") + px(8)
            lost = brush.text(right, base, f"\u2212{points:.1f}", SMALL, "warning", right=True) + px(8)
            brush.text(left + used, base, brush.clip(why, right - left - used - lost, SMALL), SMALL)
            y += px(22)
