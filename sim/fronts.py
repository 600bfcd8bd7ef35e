"""What passes over the weather that was known: heat, clouds, wind."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import numpy as np


class Sky(Enum):
    """What of the weather an inject may change."""

    HEAT = "heat"
    LIGHT = "light"
    WIND = "wind"


class Front(NamedTuple):
    """What passes from `start_s` until `end_s`, coming over `ramp_s` and going over as much: `amount` is
    K of warmth, or a share of light or wind."""

    sky: Sky
    start_s: float
    end_s: float
    ramp_s: float
    amount: float

    def strength(self, t_s):
        """How much of it is there, 0..1, at a time or times (n,)."""
        return np.interp(t_s, [self.start_s, self.start_s + self.ramp_s, self.end_s - self.ramp_s,
                               self.end_s], [0.0, 1.0, 1.0, 0.0], left=0.0, right=0.0)
