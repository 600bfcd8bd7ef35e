"""Vehicle models, from assets/data/vehicles.toml: batteries, powers, plugs and body styles."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from entities.components import Chemistry, VehicleClass
from sim.battery.curves import Curve
from sim.scenario import DATA_DIR
from sim.schema.site import KINDS

@dataclass(frozen=True)
class VehicleModel:
    """A model's data. Powers are kW, 0 where the model has no such inlet or does not feed
    through it; `kinds` are the connector types that fit. `battery_max_kw` is the most that the
    cells take and `curve` what share of it by SoC, None if no curve was published."""

    key: str
    name: str
    body: VehicleClass
    chemistry: Chemistry
    capacity_kwh: float
    ac_kw: float
    dc_kw: float
    kinds: tuple[str, ...]
    ac_v2g_kw: float
    dc_v2g_kw: float
    consumption_kwh_per_km: float
    battery_max_kw: float
    curve: Curve | None

    @property
    def plugs(self) -> int:
        """The bit 1 << ConnectorKind for each kind of connector that fits."""
        return sum(1 << KINDS[kind] for kind in self.kinds)


@lru_cache(maxsize=1)
def models() -> dict[str, VehicleModel]:
    """Every model by its key, in the file's order."""
    raw = tomllib.loads((DATA_DIR / "vehicles.toml").read_text(encoding="utf-8"))
    consumption = raw["consumption_kwh_per_km"]
    return {key: _model(key, entry, consumption) for key, entry in raw["models"].items()}


def _model(key: str, entry: dict, consumption: dict[str, float]) -> VehicleModel:
    published = entry.get("charge_curve")
    most_kw = max(kw for _, kw in published) if published else max(entry["dc_kw"], entry["ac_kw"])
    return VehicleModel(
        key=key, name=entry["name"], body=VehicleClass[entry["body"]],
        chemistry=Chemistry[entry["chemistry"]], capacity_kwh=entry["capacity_kwh"],
        ac_kw=entry["ac_kw"], dc_kw=entry["dc_kw"], kinds=tuple(entry["plugs"]),
        ac_v2g_kw=entry["v2g_kw"] if entry.get("v2g_over") == "AC" else 0.0,
        dc_v2g_kw=entry["v2g_kw"] if entry.get("v2g_over") == "DC" else 0.0,
        consumption_kwh_per_km=consumption[entry["body"]], battery_max_kw=most_kw,
        curve=tuple((percent / 100.0, kw / most_kw) for percent, kw in published)
        if published else None)


def find_model(text: str) -> VehicleModel | None:
    """The model of a key or a name, whatever its case; None if there is none."""
    wanted = text.strip().casefold()
    for key, model in models().items():
        if wanted in (key, model.name.casefold()):
            return model
    return None
