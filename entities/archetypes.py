"""Which components make up each table of a world."""

from __future__ import annotations

from entities import components as c

ARCHETYPES = {
    "hub": (c.LIMITS + c.MARKET + c.PRODUCTION + c.SURROUNDINGS + c.FREQUENCY + c.STRESS
            + c.STRESS_RECORD + c.DISPATCH + c.CALL),
    "feeder": c.FEEDER,
    "zone": c.LIMITS + c.CONTROL + c.PRODUCTION + c.ZONE_FEEDER + c.STRESS + c.DISPATCH,
    "station": c.STATION,
    "connector": c.CONNECTOR + c.NETWORK_RECORD,
    "curve": c.CURVE_PIECE,
    "vehicle": c.VEHICLE + c.BATTERY + c.SEGMENT + c.HEALTH,
    "session": c.SESSION_PLAN + c.SESSION_RESULT,
}
