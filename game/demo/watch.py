"""Who is at the window: what hands do while a tour is shown, how long they have been still, and the key that
leaves a kiosk."""

from __future__ import annotations

from direct.showbase.DirectObject import DirectObject

from game import keys

STIRRED_PX, SETTLE_S = 6.0, 1.0
CHORD = ({"control", "shift"}, "q")
CLICKER = {"page_down": 1, "page_up": -1}    # what a presenter's clicker types


class Silence:
    """How long nobody has done anything, s of real time, and whether that is longer than `limit_s`."""

    def __init__(self, limit_s: float):
        self.limit_s, self.since_s = limit_s, 0.0

    @property
    def left_s(self) -> float:
        """Until it counts."""
        return max(self.limit_s - self.since_s, 0.0)

    def go_on(self, real_dt_s: float, stirred: bool) -> bool:
        """So much time passed, with or without a sign of life; whether the silence is complete."""
        self.since_s = 0.0 if stirred else self.since_s + real_dt_s
        return self.since_s >= self.limit_s


class Lock:
    """The key that leaves a kiosk: a word that is typed, or CHORD where there is none."""

    def __init__(self, word: str | None):
        self._word = word.lower() if word else None
        self._typed = ""
        self.opened = False

    def type(self, letters: str) -> None:
        """Letters as they come; the word may stand among others."""
        if self._word:
            self._typed = (self._typed + letters.lower())[-len(self._word):]
            self.opened |= self._typed == self._word

    def press(self, name: str) -> None:
        """A key by Panda's name, modifiers in front."""
        if self._word is None and keys.name_of(name) == CHORD:
            self.opened = True


class Watch(DirectObject):
    """Gathers what hands do at `base`'s window from frame to frame; what it hears it keeps from nobody."""

    def __init__(self, base, lock: Lock):
        super().__init__()
        self._base, self._lock = base, lock
        self._pressed: list[str] = []
        self._stirred, self._age_s = False, 0.0
        self._pointer: tuple[float, float] | None = None
        self.accept("buttonDown", self._press)
        self.accept("buttonHold", self._hold)
        self.accept("keystroke", lock.type)

    def look(self, real_dt_s: float) -> tuple[bool, list[str]]:
        """Whether anyone stirred since the last look, and the keys and buttons that were pressed."""
        self._age_s += real_dt_s
        stirred, pressed = self._stirred or self._moved(), self._pressed
        self._stirred, self._pressed = False, []
        return stirred, pressed

    def close(self) -> None:
        """Hear nothing any more."""
        self.ignoreAll()

    def _press(self, name: str) -> None:
        self._lock.press(name)
        self._pressed.append(name)
        self._stirred = True

    def _hold(self, name: str) -> None:
        self._stirred |= name not in CLICKER

    def _moved(self) -> bool:
        """Whether the pointer went far enough to be a hand's; a window that just came up moves under it."""
        window = self._base.win
        if not hasattr(window, "get_pointer") or not window.get_pointer(0).get_in_window():
            return False
        pointer = window.get_pointer(0)
        here = pointer.get_x(), pointer.get_y()
        if self._pointer is None or self._age_s < SETTLE_S:
            self._pointer = here
            return False
        far = max(abs(a - b) for a, b in zip(here, self._pointer)) > STIRRED_PX
        if far:
            self._pointer = here
        return far
