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


@dataclass(frozen=True)
class Look:
    """All choices together."""

    view: View = View.INTEGRATED
    overlay: Overlay = Overlay.NONE
    flow: Flow = Flow.AUTO
    tier: Tier = Tier.MEDIUM

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
