"""How the scene is shown: what a person, a film or the frame rate chose. None of it changes a run.

The numbers are those that the shaders read (VIEW, OVERLAY, FLOW, TIER in frame.glsl).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum


class View(IntEnum):
    """What the picture is about."""

    INTEGRATED = 0
    V2G = 1
    OCPP = 2
    PERFORMANCE = 3


class Overlay(IntEnum):
    """A quantity that colours the scene; one at a time."""

    NONE = 0
    FLOW = 1
    SOC = 2
    LOAD = 3
    VOLTAGE = 4
    PRICE = 5
    HEALTH = 6
    CONNECTIVITY = 7


class Flow(IntEnum):
    """How energy on its way is drawn; AUTO chooses by each vehicle's power."""

    AUTO = 0
    PARTICLES = 1
    TUBES = 2
    ARCS = 3


class Tier(IntEnum):
    """How much the picture may cost."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    ULTRA = 3


# How wide and bright flows are where they are the matter, and where they would cover it.
OVERLAY_WEIGHTS = {Overlay.FLOW: 1.35, Overlay.SOC: 0.6, Overlay.LOAD: 0.45, Overlay.VOLTAGE: 0.45,
                   Overlay.HEALTH: 0.6, Overlay.CONNECTIVITY: 0.35}
VIEW_WEIGHTS = {View.V2G: 1.3, View.OCPP: 0.35, View.PERFORMANCE: 0.7}
# How much of sun and sky falls on what the view is not about: stations, grounds, buildings.
LIGHT_SHARES = {View.V2G: 0.55}


@dataclass(frozen=True)
class Look:
    """All choices together."""

    view: View = View.INTEGRATED
    overlay: Overlay = Overlay.NONE
    flow: Flow = Flow.AUTO
    tier: Tier = Tier.MEDIUM

    @property
    def flow_weight(self) -> float:
        """How wide and bright flows are drawn, 1 as a rule; an overlay goes before the view."""
        return OVERLAY_WEIGHTS.get(self.overlay, 1.0) if self.overlay else VIEW_WEIGHTS.get(self.view, 1.0)

    @property
    def light_share(self) -> float:
        """How much of the hour's light there is, 1 as a rule; under an overlay it is all."""
        return 1.0 if self.overlay else LIGHT_SHARES.get(self.view, 1.0)

    @property
    def about_v2g(self) -> bool:
        """Whether the picture is about those that can feed the grid."""
        return self.view == View.V2G and not self.overlay

    def with_overlay(self, overlay: Overlay) -> Look:
        """Another overlay, or none if it is the present one."""
        return replace(self, overlay=Overlay.NONE if overlay == self.overlay else overlay)

    def next_flow(self) -> Look:
        """The next way to draw flows."""
        return replace(self, flow=Flow((self.flow + 1) % len(Flow)))


def named(kind: type[IntEnum], text: str) -> IntEnum:
    """The member of a name in any case; raises ValueError that says what was expected."""
    try:
        return kind[text.strip().upper()]
    except KeyError:
        names = ", ".join(member.name.lower() for member in kind)
        raise ValueError(f"expected one of {names}") from None
