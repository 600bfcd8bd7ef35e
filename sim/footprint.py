"""Energies at the grid and what they caused, from the site's books.

Emissions follow imports by the grid's average factor, own production by its life cycle; exports
earn no credit. Whoever uses energy in a row of the books causes its share of the row's emissions: a
session by what it drew of all that vehicles and base load drew then, so that sessions and base load
add up to the site. A site's renewable share is that of what it used: its own production and, of what
it imported, the grid's share. Fed energy of vehicles counted when it was charged.
"""

from __future__ import annotations

from math import fsum

import numpy as np

from sim.bill import own_use
from sim.carbon import local_factors


def footprint(ledger: dict[str, np.ndarray]) -> dict[str, float | None]:
    """Figures of the ledger by their key in the results; what is not known is None."""
    total = {name: fsum(ledger[name].tolist()) for name in (
        "pv_kwh", "wind_kwh", "surplus_kwh", "import_kwh", "export_kwh")}
    used = own_use(ledger)
    produced = total["pv_kwh"] + total["wind_kwh"]
    consumed = fsum(used.tolist()) + total["import_kwh"]
    caused = emissions(ledger)
    renewable = fsum((used + ledger["import_kwh"] * ledger["renewable_share"]).tolist())
    return {
        "grid_import_kwh": total["import_kwh"], "grid_export_kwh": total["export_kwh"],
        "pv_kwh": total["pv_kwh"], "wind_kwh": total["wind_kwh"],
        "surplus_kwh": total["surplus_kwh"],
        "self_consumption_pct": 100.0 * fsum(used.tolist()) / produced if produced else None,
        "co2_kg": _known(fsum(caused.tolist())), "co2_caused_kg": _known(fsum(caused.tolist())),
        "co2_base_load_kg": _known(fsum((mix(ledger) * ledger["base_kwh"]).tolist())),
        "renewable_share_pct": _known(100.0 * renewable / consumed) if consumed else None,
    }


def emissions(ledger: dict[str, np.ndarray]) -> np.ndarray:
    """What each row of the ledger caused, kg (rows,); NaN where the grid's factor is unknown."""
    pv_factor, wind_factor = local_factors()
    made = ledger["pv_kwh"] + ledger["wind_kwh"]
    share = own_use(ledger) / np.where(made > 0.0, made, 1.0)
    return ledger["import_kwh"] * ledger["co2_average"] + share * (
        ledger["pv_kwh"] * pv_factor + ledger["wind_kwh"] * wind_factor)


def mix(ledger: dict[str, np.ndarray]) -> np.ndarray:
    """What a kWh used at the site caused in each row, kg/kWh (rows,); NaN where it is unknown."""
    used = ledger["drawn_kwh"] + ledger["base_kwh"]
    return np.where(used > 0.0, emissions(ledger) / np.where(used > 0.0, used, 1.0), 0.0)


def renewable_share_now(model, t_s: float) -> float:
    """Renewable share of what the site uses at `t_s`, 0..1, exact until the next event; NaN
    where the grid's share is unknown or nothing is used."""
    hub = model.world.hub
    net, drawn, _ = model.site_power(t_s)
    own = min(hub.pv_kw.item(0) + hub.wind_kw.item(0), hub.base_kw.item(0) + drawn)
    bought = max(net, 0.0)
    if own + bought <= 0.0:
        return float("nan")
    return (own + bought * hub.renewable_share.item(0)) / (own + bought)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
