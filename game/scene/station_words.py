"""What labels in the scene say of stations and connectors."""

from __future__ import annotations

import numpy as np

from entities.components import ErrorCode, Status
from entities.world import World
from game.look import View
from game.palette import Color, Palette
from sim.connectors import KIND_NAMES, STATUS_NAMES, reported


def trouble(world: World, row: int, palette: Palette) -> tuple[str, Color]:
    """What is wrong with an abnormal connector, and the colour of it."""
    if world.connector.status[row] == Status.FAULTED:
        error = ErrorCode(world.connector.error[row])
        return f"faulted · {error.name}" if error else "faulted", palette.fault
    return "out of service", palette.warning


def beside_name(world: World, row: int, view: View, now_s: float) -> str:
    """What stands beside the name of a connector close by: its type, and where the picture is
    about the network also its status."""
    connector = world.connector
    kind = KIND_NAMES[connector.kind.item(row)]
    if view != View.OCPP:
        return kind
    return f"{kind} · {STATUS_NAMES[Status(reported(world, np.array([row]), now_s).item())]}"
