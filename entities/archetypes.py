"""Which components make up each table of a world."""

from __future__ import annotations

from entities import components as c

ARCHETYPES = {
    "hub": c.LIMITS + c.MARKET + c.PRODUCTION + c.SURROUNDINGS,
    "zone": c.LIMITS + c.CONTROL + c.PRODUCTION,
    "station": c.STATION,
    "connector": c.CONNECTOR,
    "vehicle": c.VEHICLE + c.BATTERY + c.SEGMENT,
    "session": c.SESSION_PLAN + c.SESSION_RESULT,
}
