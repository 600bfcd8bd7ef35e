"""Temperatures and loss of life of oil-immersed transformers by IEC 60076-7.

Three first-order responses make the hot-spot temperature: that of the top oil and the two that
make the winding's rise over it overshoot. While load factor K and ambient temperature stand,
each is an exponential towards its end value, so a step of any length is exact and may be split
anywhere (IEC 60076-7:2018, the differential equations of 8.2.3 in closed form):

    top oil  -> theta_a + (rise + surcharge) ((1 + R K^2) / (1 + R))^x      with k11 tau_o
    dh1      -> k21 h          h = gradient K^y                             with k22 tau_w
    dh2      -> (k21 - 1) h                                                 with tau_o / k22
    hot spot =  top oil + dh1 - dh2

Insulation ages at the rate V(hot spot), 1 at its reference temperature. Its integral over a step
has no closed form; it is taken by Gauss-Legendre quadrature on panels that follow the responses,
with a relative error below 1e-12 for load steps up to K = 2.5 (tests/test_transformer.py holds it
to that). All functions work on n transformers at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sim.grid.feeder import TransformerSpec

NORMAL_REFERENCE_C = 98.0
"""Hot-spot temperature at which paper that is not thermally upgraded ages at rate 1."""

UPGRADED_REFERENCE_K = 383.0
"""The same for thermally upgraded paper: 110 degrees C."""

INDOOR_SURCHARGE_K = 10.0
"""What a transformer in a room of its own adds to its rise (Alliander's default)."""

_HOTTEST_C = 500.0
"""Ageing is not told apart beyond; the laws hold up to about 140 degrees C."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True, eq=False)
class Thermal:
    """Thermal parameters; each a scalar or of shape (n,).

    Defaults are a distribution transformer with natural cooling (ONAN), IEC 60076-7 and the
    defaults of Alliander's transformer-thermal-model 0.6.0: `rise_k` of the top oil over ambient
    and `gradient_k` of the hot spot over the top oil (hot-spot factor 1.2 times 23 K) at rated
    load, `loss_ratio` R of load losses to no-load losses (5200 W / 800 W), exponents, time
    constants, and the shape of the winding's response. `upgraded`: thermally upgraded paper.
    """

    rise_k: np.ndarray | float = 60.0
    gradient_k: np.ndarray | float = 27.6
    surcharge_k: np.ndarray | float = 0.0
    loss_ratio: np.ndarray | float = 6.5
    oil_exponent: np.ndarray | float = 0.8
    winding_exponent: np.ndarray | float = 1.6
    oil_min: np.ndarray | float = 180.0
    winding_min: np.ndarray | float = 4.0
    k11: np.ndarray | float = 1.0
    k21: np.ndarray | float = 1.0
    k22: np.ndarray | float = 2.0
    upgraded: np.ndarray | bool = False


class Temperatures(NamedTuple):
    """The state of n transformers: top oil (degrees C) and the two responses of the winding (K).

    The top oil follows the ambient temperature with its own time constant, hence it is kept as a
    temperature and not as a rise.
    """

    top_oil_c: np.ndarray
    dh1_k: np.ndarray
    dh2_k: np.ndarray

    @property
    def hot_spot_c(self) -> np.ndarray:
        """Hot-spot temperature, degrees C, (n,)."""
        return self.top_oil_c + self.dh1_k - self.dh2_k


def of_feeders(specs: list[TransformerSpec]) -> Thermal:
    """Parameters of feeders' transformers: losses, room and paper from their tables, all else
    the ONAN defaults. One without no-load losses has the default ratio of losses."""
    default = Thermal()
    return replace(
        default,
        loss_ratio=np.array([s.load_loss_kw / s.no_load_loss_kw if s.no_load_loss_kw
                             else default.loss_ratio for s in specs]),
        surcharge_k=np.array([INDOOR_SURCHARGE_K if s.indoor else 0.0 for s in specs]),
        upgraded=np.array([s.paper == "upgraded" for s in specs]))


def settled(thermal: Thermal, load: np.ndarray, ambient_c: np.ndarray) -> Temperatures:
    """The steady state at load factors K (n,) and ambient temperatures (n,) or scalar.

    Raises ValueError if a load factor is negative or anything is not finite.
    """
    load, ambient = np.atleast_1d(load).astype(float), np.asarray(ambient_c, float)
    if not (np.isfinite(load).all() and np.isfinite(ambient).all() and (load >= 0.0).all()):
        raise ValueError("load factors must be finite and not negative, temperatures finite")
    losses = (1.0 + thermal.loss_ratio * load ** 2) / (1.0 + thermal.loss_ratio)
    top_oil = ambient + (thermal.rise_k + thermal.surcharge_k) * losses ** thermal.oil_exponent
    rise = thermal.gradient_k * load ** thermal.winding_exponent
    return Temperatures(top_oil, thermal.k21 * rise, (thermal.k21 - 1.0) * rise)


def after(thermal: Thermal, state: Temperatures, duration_s: float | np.ndarray,
          load: np.ndarray, ambient_c: np.ndarray) -> Temperatures:
    """Temperatures after `duration_s` (>= 0) at constant load factor and ambient; each (n,), or
    (t, n) where `duration_s` is of shape (t, 1). Raises ValueError as `settled` does."""
    return _towards(thermal, state, settled(thermal, load, ambient_c),
                    np.asarray(duration_s, float) / 60.0)


def advance(thermal: Thermal, state: Temperatures, duration_s: float, load: np.ndarray,
            ambient_c: np.ndarray) -> tuple[Temperatures, np.ndarray]:
    """Temperatures as `after` gives them, and the hours of normal insulation life used up in
    the meantime; each (n,)."""
    end = settled(thermal, load, ambient_c)
    minutes = duration_s / 60.0
    edges = _panels(minutes, float(np.min(thermal.k22 * thermal.winding_min)))
    half = np.diff(edges) / 2.0
    times = (edges[:-1] + half)[:, None] + half[:, None] * _NODES
    weights = (half[:, None] * _WEIGHTS).ravel()
    hot_spots = _towards(thermal, state, end, times.reshape(-1, 1)).hot_spot_c
    return (_towards(thermal, state, end, minutes),
            weights @ ageing_rate(hot_spots, thermal.upgraded) / 60.0)


def ageing_rate(hot_spot_c: np.ndarray, upgraded: np.ndarray | bool = False) -> np.ndarray:
    """Relative ageing rate V of the insulation (IEC 60076-7:2018, equations 2 and 3).

    Of normal paper it doubles every 6 K and is 1 at 98 degrees C; thermally upgraded paper
    follows Arrhenius' law and is 1 at 110 degrees C.
    """
    hot = np.minimum(hot_spot_c, _HOTTEST_C)
    normal = np.exp2((hot - NORMAL_REFERENCE_C) / 6.0)
    arrhenius = np.exp(15000.0 / UPGRADED_REFERENCE_K - 15000.0 / (hot + 273.0))
    return np.where(upgraded, arrhenius, normal)


def _towards(thermal: Thermal, state: Temperatures, end: Temperatures, minutes) -> Temperatures:
    constants = (thermal.k11 * thermal.oil_min, thermal.k22 * thermal.winding_min,
                 thermal.oil_min / thermal.k22)
    # Beyond 200 time constants nothing of the start is left; going on would only underflow.
    return Temperatures(*(s - (e - s) * np.expm1(-np.minimum(minutes / c, 200.0))
                          for s, e, c in zip(state, end, constants)))


def _panels(minutes: float, fastest_min: float) -> np.ndarray:
    """Edges of the quadrature's panels: half the fastest time constant at first, then a quarter
    of the time passed, by when the fast response has died away."""
    edges = [0.0]
    while edges[-1] < minutes:
        edges.append(min(edges[-1] + max(fastest_min / 2.0, edges[-1] / 4.0), minutes))
    return np.array(edges)
