"""Where labels go so that none covers another: the first that asks has its place.

Each label stands above its anchor; one that would cover another is raised, and left out when
that does not help. A label that is shown keeps its height as long as it can, so that none jumps.
"""

from __future__ import annotations

import numpy as np

STRIP_SHARE = 136.0 / 720.0     # of the picture's height: panels at its top
RISES = (0.0, 26.0, 52.0)
APART = 3.0


class Placing:
    """Remembers from one moment to the next how far each label was raised."""

    def __init__(self):
        self._risen: dict[tuple, float] = {}

    def place(self, labels, pixels, deep, half_width, height, base, viewport, scale, covered=()):
        """Heights above the anchors (n,) and which labels are shown (n,).

        labels, what matters most first; pixels (n, 2) and deep (n,) of their anchors; half_width,
        height, base (n,) in pixels. A label that is fixed stays at its base, whatever it covers. No other
        lies under what is `covered`: left, bottom, right, top in pixels each.
        """
        width, tall = viewport
        top = tall * (1.0 - STRIP_SHARE)
        lifts, kept = np.array(base, float), np.zeros(len(labels), bool)
        taken: list[tuple[float, float, float, float]] = list(covered)
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
                if label.fixed or not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3]
                                          and b[1] < box[3] for b in taken):
                    taken.append(box)
                    kept[k], lifts[k] = True, lift
                    risen[label.key] = rise
                    break
        self._risen = risen
        return lifts, kept
