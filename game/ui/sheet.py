"""The sheet at a lesson's end: points and verdict, what was lost when, hints, and what to do next."""

from __future__ import annotations

from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush
from game.ui.words import pretty
from sim.timing import clock_label

WIDTH, HEAD, OBJECTIVE, LOSS, LABEL, BUTTON = 620.0, 104.0, 30.0, 22.0, 24.0, 32.0
POINTS = 44.0
MOST_LOSSES = 8
NEXT = (("Again", "again"), ("Debrief", "write_debrief"), ("Film", "film_debrief"), ("Another lesson", "choose_lesson"),
        ("Look around", "close_sheet"))


class EndSheet:
    """`open` shows it; keys go to it then, `chosen` is the button that Enter takes. Of a sheet with more than
    MOST_LOSSES losses the greatest are listed, in order of time."""

    def __init__(self):
        self.open, self.chosen = False, 0

    def key(self, name: str, actions) -> None:
        """A key by Panda's name."""
        step = {"arrow_right": 1, "tab": 1, "arrow_left": -1}.get(name)
        if step:
            self.chosen = (self.chosen + step) % len(NEXT)
        elif name == "enter":
            getattr(actions, NEXT[self.chosen][1])()
        elif name == "escape":
            actions.close_sheet()

    def rect(self, brush: Brush, size: tuple[int, int], exercise) -> tuple[float, float, float, float]:
        """Where it lies in a picture of `size` pixels."""
        px, score = brush.theme.px, exercise.score
        losses, more = _greatest(score)
        height = px(HEAD + OBJECTIVE * len(score.objectives) + LABEL
                    + LOSS * max(len(losses) + bool(more), 1) + BUTTON + 3 * PADDING)
        width = min(px(WIDTH), size[0] - px(2 * MARGIN))
        return round((size[0] - width) / 2), round((size[1] - height) * 0.45), width, height

    def draw(self, brush: Brush, size: tuple[int, int], exercise, said: str, actions) -> None:
        """Draw it; `said` is a message of now, `actions` has scrub_from_sheet(t_s) and the methods of NEXT."""
        px, score = brush.theme.px, exercise.score
        area = x, y, width, _ = self.rect(brush, size, exercise)
        with brush.panel("end sheet", area, "card", True):
            left, right = x + px(PADDING + 4), x + width - px(PADDING + 4)
            self._head(brush, left, right, y, exercise)
            y += px(HEAD)
            for part in score.objectives:
                self._objective(brush, left, right, y, part)
                y += px(OBJECTIVE)
            losses, more = _greatest(score)
            brush.line(left, y + px(3), right, y + px(3))
            words = "Points lost; a click shows the moment" if losses else "No point was lost."
            brush.text(left, y + px(20), brush.clip(said or words, right - left, SMALL), SMALL,
                       "text" if said else "quiet")
            y += px(LABEL)
            start = exercise.model.scenario.start
            for k, loss in enumerate(losses):
                if brush.button(f"lost {k}", (left - px(6), y, right - left + px(12), px(LOSS))):
                    actions.scrub_from_sheet(loss.t_s)
                base = y + px(16)
                used = brush.text(left, base, clock_label(loss.t_s, start), SMALL, "quiet") + px(12)
                lost = brush.text(right, base, f"−{loss.points:.1f}", SMALL, "warning", right=True) + px(12)
                brush.text(left + used, base, brush.clip(pretty(loss.why), right - left - used - lost, SMALL), SMALL)
                y += px(LOSS)
            if more:
                brush.text(left, y + px(16), f"and {more} more, smaller, in the debrief", SMALL, "quiet")
                y += px(LOSS)
            if not losses:
                y += px(LOSS)
            y += px(PADDING)
            each = (right - left - px(8) * (len(NEXT) - 1)) / len(NEXT)
            for k, (label, act) in enumerate(NEXT):
                at = left + k * (each + px(8))
                if brush.label_button(act, label, (at, y, each, px(BUTTON))):
                    getattr(actions, act)()
                if k == self.chosen:
                    brush.list.add_rect((at, y), (at + each, y + px(BUTTON)), brush.theme.color("text"), px(4), 0,
                                        px(1))

    @staticmethod
    def _head(brush: Brush, left: float, right: float, y: float, exercise) -> None:
        px, score = brush.theme.px, exercise.score
        brush.text(left, y + px(28), "The lesson is over", SMALL, "quiet")
        brush.text(left, y + px(54), pretty(exercise.model.scenario.name), LARGE, bold=True)
        hints = len(score.hints)
        paid = sum(hint.points for hint in score.hints)
        words = ("no hint used" if not hints else
                 f"{hints} {'hint' if hints == 1 else 'hints'} used, −{paid:.1f} points")
        items = exercise.items
        if items:
            words += f"; {sum(done for _, _, done in items)} of {len(items)} on the checklist ticked"
        brush.text(left, y + px(78), words, SMALL, "quiet")
        wide = brush.text(right, y + px(56), "of 100", SMALL, "quiet", right=True) + px(8)
        brush.text(right - wide, y + px(56), f"{score.points:.1f}", POINTS, bold=True, right=True)
        verdict = f"{'passed' if score.passed else 'failed'}, pass mark {score.pass_mark:g}"
        tone = "text" if score.passed else "warning"
        used = brush.text(right, y + px(80), verdict, BODY, tone, bold=True, right=True)
        at, middle = right - used - px(14), y + px(75)
        if score.passed:
            brush.line(at - px(5), middle, at - px(1), middle + px(5), tone, 2.0)
            brush.line(at - px(1), middle + px(5), at + px(6), middle - px(5), tone, 2.0)
        else:
            brush.mark(at, middle, "warning")

    @staticmethod
    def _objective(brush: Brush, left: float, right: float, y: float, part) -> None:
        px = brush.theme.px
        brush.quantity(right, y + px(18), f"{part.points:.1f}", f"of {part.weight:.0f}", BODY, bold=True)
        track = right - px(104)
        bar = track - px(150)
        brush.text(left, y + px(18), brush.clip(part.title, bar - left - px(16), BODY), BODY)
        brush.box(bar, y + px(10), track, y + px(16), "track", px(3))
        share = min(max(part.points / part.weight, 0.0), 1.0)
        if share > 0.0:
            brush.box(bar, y + px(10), bar + (track - bar) * share, y + px(16), "text", px(3))


def _greatest(score) -> tuple[list, int]:
    """The losses to be listed, in order of time, and how many more there are."""
    ranked = sorted(score.losses, key=lambda loss: (-loss.points, loss.t_s))
    return sorted(ranked[:MOST_LOSSES]), max(len(ranked) - MOST_LOSSES, 0)
