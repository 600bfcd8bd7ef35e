"""Connector statuses as small shapes, the same as on the scene's plates (game/scene/signs.py)."""

from __future__ import annotations

import math

from entities.components import Status
from game.ui.layer import vec

FEEDING = len(Status)
TONES = {Status.AVAILABLE: "quiet", Status.PREPARING: "wait", Status.CHARGING: "charge",
         Status.SUSPENDED_EV: "quiet", Status.SUSPENDED_EVSE: "wait", Status.FINISHING: "quiet",
         Status.RESERVED: "text", Status.UNAVAILABLE: "warning", Status.FAULTED: "fault", FEEDING: "feed"}


def status_mark(brush, x: float, y: float, status: int) -> None:
    """The shape of a status, or of FEEDING, about 10 pixels wide around a point."""
    px, draw = brush.theme.px, brush.list
    r, thin = px(5.0), max(1.0, px(1.5))
    color, ground = brush.theme.color(TONES[status]), brush.theme.color("card")
    if status == Status.AVAILABLE:
        draw.add_circle(vec(x, y), r * 0.75, color, 16, thin)
    elif status == Status.PREPARING:
        for k in (-1, 0, 1):
            draw.add_circle_filled(vec(x + k * r * 0.8, y), r * 0.3, color, 8)
    elif status in (Status.CHARGING, FEEDING):
        way = 1.0 if status == Status.CHARGING else -1.0
        corners = [vec(x - r * 0.85, y), vec(x + r * 0.85, y), vec(x, y + way * r)]
        draw.add_triangle_filled(*(corners if way > 0.0 else corners[::-1]), color)
        top, low = sorted((y - way * r, y))
        draw.add_rect_filled(vec(x - r * 0.32, top), vec(x + r * 0.32, low), color)
    elif status in (Status.SUSPENDED_EV, Status.SUSPENDED_EVSE):
        if status == Status.SUSPENDED_EV:
            draw.add_circle(vec(x, y), r, color, 16, thin)
        else:
            draw.add_rect(vec(x - r, y - r), vec(x + r, y + r), color, px(1.0), 0, thin)
        for side in (-1.0, 1.0):
            draw.add_rect_filled(vec(x + side * r * 0.35 - thin / 2, y - r * 0.45),
                                 vec(x + side * r * 0.35 + thin / 2, y + r * 0.45), color)
    elif status == Status.FINISHING:
        for a, b in (((-0.8, 0.0), (-0.2, 0.65)), ((-0.2, 0.65), (0.85, -0.7))):
            draw.add_line(vec(x + a[0] * r, y + a[1] * r), vec(x + b[0] * r, y + b[1] * r), color, thin * 1.3)
    elif status == Status.RESERVED:
        draw.add_triangle_filled(vec(x - r * 0.7, y - r), vec(x, y + r * 0.4), vec(x - r * 0.7, y + r), color)
        draw.add_triangle_filled(vec(x + r * 0.7, y - r), vec(x + r * 0.7, y + r), vec(x, y + r * 0.4), color)
        draw.add_triangle_filled(vec(x - r * 0.7, y - r), vec(x + r * 0.7, y - r), vec(x, y + r * 0.4), color)
    elif status == Status.UNAVAILABLE:
        draw.add_circle_filled(vec(x, y), r, color, 16)
        draw.add_rect_filled(vec(x - r * 0.6, y - r * 0.2), vec(x + r * 0.6, y + r * 0.2), ground)
    else:
        draw.add_triangle_filled(vec(x - r, y + r * 0.85), vec(x + r, y + r * 0.85), vec(x, y - r), color)
        draw.add_line(vec(x, y - r * 0.3), vec(x, y + r * 0.25), ground, thin)
        draw.add_circle_filled(vec(x, y + r * 0.55), thin * 0.6, ground, 8)


def link_mark(brush, x: float, y: float, whole: bool) -> None:
    """A chain's two links, together or apart and struck through."""
    px, draw = brush.theme.px, brush.list
    color, thin = brush.theme.color("quiet" if whole else "warning"), max(1.0, px(1.5))
    r = px(2.6)
    for side in (-1.0, 1.0):
        middle = x + side * px(3.2 if whole else 4.0)
        draw.add_circle(vec(middle, y), r, color, 12, thin)
    if whole:
        draw.add_line(vec(x - px(2.2), y), vec(x + px(2.2), y), color, thin)
    else:
        lean = px(5.0) * math.sin(0.25)
        draw.add_line(vec(x - lean, y + px(5.0)), vec(x + lean, y - px(5.0)), color, thin)
