"""Where labels go so that none covers another: the first that asks has its place.

Each label stands above its anchor. One that reaches over the picture's side or under a panel is moved inward as long
as it stays above its anchor; one that would cover another is raised; and it is left out when neither helps. A label
that is shown keeps its height as long as it can, so that none jumps.
"""

from __future__ import annotations

import numpy as np

STRIP_SHARE = 136.0 / 720.0     # of the picture's height: panels at its top
RISES = (0.0, 26.0, 52.0)
APART, EDGE = 3.0, 4.0  # pixels between labels, and to the picture's sides
Rect = tuple[float, float, float, float]


class Placing:
    """Remembers from one moment to the next how far each label was raised."""

    def __init__(self):
        self._risen: dict[tuple, float] = {}

    def place(self, labels, pixels, deep, half_width, height, base, viewport, scale, covered=(), kept_free=()):
        """Pixels above (n,) and aside (n,) of the anchors, and which labels are shown (n,).

        labels, what matters most first; pixels (n, 2) and deep (n,) of their anchors; half_width,
        height, base (n,) in pixels. A label that is fixed stays at its base, whatever it covers, and as far aside
        as what is `covered` asks: left, bottom, right, top in pixels each. No other lies under that, or on what
        is `kept_free`.
        """
        width, tall = viewport
        top = tall * (1.0 - STRIP_SHARE)
        lifts, asides, kept = np.array(base, float), np.zeros(len(labels)), np.zeros(len(labels), bool)
        taken: list[Rect] = list(kept_free)
        risen: dict[tuple, float] = {}
        order = [k for k, label in enumerate(labels) if label.fixed]
        order += [k for k, label in enumerate(labels) if not label.fixed]
        for k, x, y, z, half, high, low in zip(order, *(
                np.asarray(values)[order].tolist() for values in
                (pixels[:, 0], pixels[:, 1], deep, half_width, height, base))):
            label = labels[k]
            if z <= 0.0 or y > tall * 1.1 or not -half < x < width + half or y < -high - low:
                continue
            y = min(y, top)
            before = self._risen.get(label.key, 0.0)
            for rise in (before, *RISES) if not label.fixed else (0.0,):
                lift = low + round(rise * scale)  # whole pixels keep letters whole
                foot = y + lift
                box = (x - half - APART, foot - APART, x + half + APART, foot + high + APART)
                aside = inward(box, width, covered)
                if aside is None or abs(aside) > half and not label.fixed:
                    if not label.fixed:
                        continue
                    aside = 0.0
                box = box[0] + aside, box[1], box[2] + aside, box[3]
                if label.fixed or not any(_meet(box, other) for other in taken):
                    taken.append(box)
                    kept[k], lifts[k], asides[k] = True, lift, aside
                    risen[label.key] = rise
                    break
        self._risen = risen
        return lifts, asides, kept


def inward(box: Rect, width: float, covered) -> float | None:
    """How many whole pixels aside a box is clear of the picture's sides and of what is covered; None where the nearest
    way out of one leads into another."""
    left, bottom, right, top = box
    across = [(other[0], other[2]) for other in covered if bottom < other[3] and other[1] < top]
    aside = round(max(EDGE - left, 0.0) - max(right - width + EDGE, 0.0))
    for _ in range(len(across) + 1):
        meeting = [span for span in across if left + aside < span[1] and span[0] < right + aside]
        if not meeting:
            inside = left + aside >= EDGE - 1.0 and right + aside <= width - EDGE + 1.0
            return float(aside) if inside else None
        low, high = meeting[0]
        ways = int(np.ceil(high - left)), int(np.floor(low - right))
        aside = min(ways, key=abs)
    return None


def _meet(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
