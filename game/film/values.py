"""Figures of a model by name, for titles: exact at an instant, and nothing of the model moves.

`{name}` or `{name:format}` stands for one; where a film has two branches, `{a.name}` and `{b.name}` are
theirs and `{difference.name}` is b less a. What a scenario does not tell is a dash.
"""

from __future__ import annotations

import math
import re
import string
from functools import cached_property

import numpy as np

from entities.components import ErrorCode, OcppVersion, Place
from game.ui.charging_network import status_words
from game.ui.summary import QUIET_KW, fed_kwh
from game.ui.words import MINUS
from sim import earnings
from sim.battery.segments import ac_power_at, energy_at
from sim.connectors import reported
from sim.footprint import renewable_share_now
from sim.health import running
from sim.results import kpis
from sim.timing import moment_at

WIDEST = 40     # characters of a figure, and digits behind its point
UNKNOWN = "\N{EN DASH}"
BRANCHES = ("a", "b", "difference")


class Values:
    """The figures of `model` at its own instant; `of` is the vehicle, connector or station that figures of one are of.

    Raises KeyError for a name that is none, or that needs `of`.
    """

    def __init__(self, model, of: str | None = None):
        self._model, self._of, self.t_s = model, of, model.now_s
        self._cache: dict[str, object] = {}

    def __getitem__(self, name: str):
        if name not in self._cache:
            self._cache[name] = self._find(name)
        return self._cache[name]

    def about(self, of: str | None) -> Values:
        """The same instant's figures about something else."""
        other = Values(self._model, of)
        if "_kpis" in self.__dict__:
            other._kpis = self._kpis
        return other

    def _find(self, name: str):
        if name in LIVE:
            return LIVE[name](self._model, self.t_s)
        if name in VEHICLE:
            row = self._model.world.vehicle.find(self._of) if self._of else None
            if row is None:
                raise KeyError(f"{name} is a vehicle's: expected its name as `of`")
            return VEHICLE[name](self._model, self.t_s, row)
        if name in NETWORK:
            for table, say in NETWORK[name].items():
                row = getattr(self._model.world, table).find(self._of) if self._of else None
                if row is not None:
                    return say(self._model, self.t_s, row)
            raise KeyError(f"{name} is a {' or a '.join(NETWORK[name])}'s: expected its name as `of`")
        value = self._kpis[name]
        if value is not None and not isinstance(value, (int, float, str)):
            raise KeyError(f"{name} is not one figure")
        return value

    @cached_property
    def _kpis(self) -> dict:
        closed = self._model.copy()
        closed.close_books()
        return kpis(closed)

    def names(self) -> list[str]:
        """All that can be asked for, in alphabetical order."""
        single = [name for name, value in self._kpis.items()
                  if value is None or isinstance(value, (int, float))]
        return sorted([*LIVE, *(VEHICLE if self._of else ()), *single])


def spell(template: str, values: dict[str, Values]) -> str:
    """A template with its figures put in. `values` are those of branches `a` (the film's own) and `b`.

    Raises ValueError that says what of the template is wrong.
    """
    words = []
    try:
        for text, name, spec, conversion in string.Formatter().parse(template):
            words.append(text)
            if name is None:
                continue
            if conversion or not name or not all(part.isidentifier() for part in name.split(".")):
                raise ValueError(f"{{{name}}}: expected a figure's name such as {{net_kw:.0f}}")
            words.append(_spelled(_value(name, values), name, spec))
    except KeyError as error:
        why = str(error.args[0])
        raise ValueError(why if " " in why else f"no figure {why!r}") from None
    return "".join(words)


def _value(name: str, values: dict[str, Values]):
    branch, dot, figure = name.partition(".")
    if not dot:
        return values["a"][name]
    if branch not in BRANCHES or "b" not in values:
        raise ValueError(f"{{{name}}}: " + ("the film has one branch, no fork" if branch in BRANCHES else
                                             f"expected one of {', '.join(BRANCHES)} before the dot"))
    if branch != "difference":
        return values[branch][figure]
    a, b = values["a"][figure], values["b"][figure]
    if not all(value is None or isinstance(value, (int, float)) for value in (a, b)):
        raise ValueError(f"{{{name}}}: is no number to take a difference of")
    return None if a is None or b is None else b - a


def _spelled(value, name: str, spec: str) -> str:
    if any(len(number) > 2 or int(number) > WIDEST for number in re.findall(r"\d+", spec)):
        raise ValueError(f"{{{name}:{spec[:20]}}}: expected at most {WIDEST} characters and digits")
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return UNKNOWN
    try:
        text = format(value, spec)
    except ValueError as error:
        raise ValueError(f"{{{name}:{spec}}}: {error}") from None
    if isinstance(value, (int, float)):
        text = text.replace("-", MINUS)
        if text.strip(f"+{MINUS}0.,") == "":
            text = text.replace(MINUS, "").replace("+", "")
    return text


def _counted(model, t_s: float, charging: bool) -> int:
    vehicle = model.world.vehicle
    power = ac_power_at(vehicle, vehicle.rows(vehicle.place == Place.PLUGGED), t_s)
    return int(np.count_nonzero(power > QUIET_KW if charging else power < -QUIET_KW))


def _placed(place: Place):
    def count(model, t_s: float) -> int:
        vehicle = model.world.vehicle
        return int(np.count_nonzero(vehicle.alive & (vehicle.place == place)))
    return count


def _date(moment) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _hub(column: str, factor: float = 1.0):
    return lambda model, t_s: getattr(model.world.hub, column).item(0) * factor


def _feeders(column: str, worst):
    return lambda model, t_s: (float(worst(getattr(model.world.feeder, column)[model.world.feeder.rows()]))
                               if len(model.world.feeder) else None)


LIVE = {
    "clock": lambda model, t_s: f"{moment_at(t_s, model.scenario.start):%H:%M}",
    "weekday": lambda model, t_s: f"{moment_at(t_s, model.scenario.start):%A}",
    "date": lambda model, t_s: _date(moment_at(t_s, model.scenario.start)),
    "currency": lambda model, t_s: model.scenario.currency,
    "scenario": lambda model, t_s: model.scenario.name,
    "net_kw": lambda model, t_s: model.site_power(t_s)[0],
    "charging_kw": lambda model, t_s: model.site_power(t_s)[1],
    "feeding_kw": lambda model, t_s: model.site_power(t_s)[2],
    "base_kw": _hub("base_kw"),
    "pv_kw": _hub("pv_kw"),
    "wind_kw": _hub("wind_kw"),
    "import_limit_kw": _hub("import_limit_kw"),
    "export_limit_kw": _hub("export_limit_kw"),
    "price": _hub("price_buy"),
    "price_sell": _hub("price_sell"),
    "stress_pct": _hub("stress", 100.0),
    "frequency_hz": lambda model, t_s: (model.frequency.spec.nominal_hz + model.frequency.deviation_hz(t_s)
                                        if model.frequency else None),
    "renewable_pct": lambda model, t_s: 100.0 * renewable_share_now(model, t_s),
    "plugged_in": _placed(Place.PLUGGED),
    "queued": _placed(Place.QUEUED),
    "charging": lambda model, t_s: _counted(model, t_s, True),
    "feeding": lambda model, t_s: _counted(model, t_s, False),
    "earned": earnings.total_net,
    "fed_kwh": fed_kwh,
    "transformer_pct": _feeders("loading_pct", np.max),
    "transformer_max_pct": _feeders("loading_max_pct", np.max),
    "hot_spot_c": _feeders("hot_spot_c", np.max),
    "life_used_h": _feeders("life_used_h", np.sum),
    "voltage_min_pu": _feeders("voltage_min_pu", np.min),
}


def _status(model, t_s: float, row: int) -> str:
    world = model.world
    version = OcppVersion(world.station.ocpp[world.connector.station[row]])
    return status_words(version, reported(world, np.array([row]), t_s).item())


NETWORK = {
    "connector": {"connector": lambda model, t_s, row: model.world.connector.names[row]},
    "station": {"station": lambda model, t_s, row: model.world.station.names[row]},
    "status": {"connector": _status,
               "station": lambda model, t_s, row: "online" if model.world.station.online[row] else "offline"},
    "error": {"connector": lambda model, t_s, row: ErrorCode(model.world.connector.error.item(row)).name},
}


def _sessions_of(model, row: int) -> np.ndarray:
    session = model.world.session
    return session.rows(session.vehicle == row)


def _soc(model, t_s: float, row: int) -> float:
    vehicle = model.world.vehicle
    return 100.0 * float(energy_at(vehicle, np.array([row]), t_s)[0]) / vehicle.capacity_kwh.item(row)


def _earned(model, t_s: float, row: int) -> float:
    rows = _sessions_of(model, row)
    return math.fsum(earnings.of_sessions(model, rows, t_s).net.tolist()) if len(rows) else 0.0


def _paid(model, t_s: float, row: int) -> float:
    rows = _sessions_of(model, row)
    if not len(rows):
        return 0.0
    drawn, *_ = earnings.running(model, rows, t_s)
    return math.fsum((model.world.session.cost[rows] + drawn * model.world.hub.price_buy.item(0)).tolist())


def _revenue(model, t_s: float, row: int) -> float:
    rows = _sessions_of(model, row)
    return math.fsum(earnings.of_sessions(model, rows, t_s).revenue.tolist()) if len(rows) else 0.0


def _energy(which: int, column: str):
    def kwh(model, t_s: float, row: int) -> float:
        rows = _sessions_of(model, row)
        running = earnings.running(model, rows, t_s)[which] if len(rows) else np.zeros(0)
        return math.fsum((getattr(model.world.session, column)[rows] + running).tolist())
    return kwh


def _now(model, t_s: float, row: int, name: str) -> float | None:
    """A figure of the battery's health; None where ageing is off."""
    if model.health is None:
        return None
    return float(getattr(model.health.now(t_s), name)[np.flatnonzero(model.world.vehicle.rows() == row)[0]])


def _health(model, t_s: float, row: int) -> float | None:
    soh = _now(model, t_s, row, "soh")
    return None if soh is None else 100.0 * soh


def _wear(column: str, today: str):
    def money(model, t_s: float, row: int) -> float | None:
        now = _now(model, t_s, row, today)
        if now is None:
            return None
        return getattr(model.world.vehicle, column).item(row) + float(running(t_s, np.array([now]))[0])
    return money


VEHICLE = {
    "vehicle": lambda model, t_s, row: model.world.vehicle.names[row],
    "soc_pct": _soc,
    "kw": lambda model, t_s, row: float(ac_power_at(model.world.vehicle, np.array([row]), t_s)[0]),
    "capacity_kwh": lambda model, t_s, row: model.world.vehicle.capacity_kwh.item(row),
    "vehicle_earned": _earned,
    "vehicle_revenue": _revenue,
    "vehicle_paid": _paid,
    "vehicle_charged_kwh": _energy(0, "charged_ac_kwh"),
    "vehicle_fed_kwh": _energy(1, "discharged_ac_kwh"),
    "soh_pct": _health,
    "vehicle_wear": _wear("wear_cost", "wear_today"),
    "vehicle_v2g_wear": _wear("v2g_wear_cost", "v2g_wear_today"),
}
