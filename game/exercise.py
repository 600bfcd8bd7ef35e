"""An exercise as it goes on: the lesson's steps, hints and checklist, the score so far, the run folder.

The exercise is the run's first branch: it is what is recorded and scored. Branches forked from it are for
trying things out. No graphics.
"""

from __future__ import annotations

from dataclasses import dataclass

from game.keeping import MARK_S, Keeper
from sim.model import Model
from sim.training.course import Course
from sim.training.evidence import evidence_of, yardstick
from sim.training.lesson import Lesson, hints_taken, ticked
from sim.training.score import Sheet, sheet


@dataclass
class Exercise:
    """The exercise of `model`, whose scenario has the table training; `course` is what the model tells its
    ticks. `keeper` keeps the run folder, None for one that is not kept. `trainee` is whose attempt it is to be
    in the records, None for nobody's. `score` is the sheet so far, and the last one once the run is over."""

    model: Model
    course: Course
    keeper: Keeper | None = None
    trainee: str | None = None
    begun: bool = False
    score: Sheet | None = None

    def __post_init__(self):
        self.training = self.model.scenario.training
        self.lesson = Lesson(self.model)
        self.begun = self.begun or self.model.now_s > 0.0
        self._waited_s = MARK_S

    @property
    def over(self) -> bool:
        return self.score is not None and self.score.passed is not None

    def follow(self, real_dt_s: float) -> bool:
        """Take in what has happened; once a second of real time the score is looked up and the run folder
        told how far the run is. Returns whether there is news."""
        news = self.lesson.update(self.model)
        if not self.begun and self.model.now_s > 0.0:  # the clock was let run by whoever did not read the briefing
            self.begun = news = True
        self._waited_s += real_dt_s
        if self.over or self._waited_s < MARK_S:
            return news
        self._waited_s = 0.0
        evidence = evidence_of(self.model, self.course)
        optimal = None
        if evidence.results is not None and any(goal.kind == "cost" for goal in self.training.objectives):
            optimal = yardstick(self.model.scenario, self.model.visits)
        before, self.score = self.score, sheet(evidence, optimal)
        if self.keeper is not None:
            self.keeper.mark()
        return news or self.score != before

    @property
    def hints(self):
        """(hints bought, the next one or None)."""
        taken = hints_taken(self.model)
        rest = self.training.hints[len(taken):]
        return taken, (rest[0] if rest else None)

    @property
    def items(self) -> list[tuple[int, str, bool]]:
        """The checklist: number, words, whether it is ticked."""
        done = ticked(self.model.commands)
        return [(k, words, k in done) for k, words in enumerate(self.training.checklist, 1)]
