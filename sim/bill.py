"""The site's bill: lines of quantity and amount. Its total is the sum of the lines.

Charging and base load pay the buying price, production that the site uses itself is not bought,
surplus production and fed energy earn theirs, and the highest demand is paid for. Sums are
`math.fsum`, so they do not depend on an order. Amounts below zero are earnings.
"""

from __future__ import annotations

from math import fsum

import numpy as np

from sim.scenario import Scenario


def bill_lines(scenario: Scenario, ledger: dict[str, np.ndarray], bands: tuple[str, ...],
               peaks: dict[str, float]) -> list[dict]:
    """Lines as {line, quantity, unit, amount}; those without quantity are left out.

    `ledger` is that of sim.ledger, `bands` the names of the tariff's bands, `peaks` the highest
    demand by period, kW.
    """
    lines: list[dict] = []

    def enter(line: str, unit: str, quantity: np.ndarray, amount: np.ndarray) -> None:
        total = fsum(quantity.tolist())
        if total:
            lines.append({"line": line, "quantity": total, "unit": unit,
                          "amount": fsum(amount.tolist())})

    tariff = ledger["buy"] - ledger["scarcity"]
    for what, kwh in (("charging", ledger["drawn_kwh"]), ("base load", ledger["base_kwh"])):
        for code, name in enumerate(bands):
            here = ledger["band"] == code
            enter(f"{what}, {name}", "kWh", kwh[here], (kwh * tariff)[here])
    used = own_use(ledger)
    enter("own production used", "kWh", used, -used * tariff)
    bought = ledger["drawn_kwh"] + ledger["base_kwh"] - used
    scarce = np.where(ledger["scarcity"] != 0.0, bought, 0.0)
    enter("scarcity", "kWh", scarce, scarce * ledger["scarcity"])
    enter("surplus production", "kWh", ledger["surplus_kwh"],
          -ledger["surplus_kwh"] * ledger["feed_in"])
    enter("V2G", "kWh", ledger["fed_kwh"], -ledger["fed_kwh"] * ledger["sell"])
    if scenario.tariff.demand_per_kw:
        for period, kw in peaks.items():
            enter(f"demand, {period}", "kW", np.array([kw]),
                  np.array([kw * scenario.tariff.demand_per_kw]))
    return lines


def bill_total(lines: list[dict]) -> float:
    """What the site pays, in the scenario's currency."""
    return fsum(line["amount"] for line in lines)


def own_use(ledger: dict[str, np.ndarray]) -> np.ndarray:
    """Production that base load and charging used, kWh by row of the ledger."""
    return np.maximum(ledger["pv_kwh"] + ledger["wind_kwh"] - ledger["surplus_kwh"], 0.0)
