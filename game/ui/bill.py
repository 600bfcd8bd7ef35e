"""The site's bill so far and what it caused, as the books have it."""

from __future__ import annotations

import math
from typing import Any

from game.ui.panel import Moment, Rows
from game.ui.rows import Row
from game.ui.words import money, number, signed, weekday_clock
from sim import earnings
from sim.bill import bill_lines, bill_total
from sim.footprint import footprint


class Bill(Rows):
    """The bill's lines and total, and CO2. The books are closed whenever a price, a carbon factor or
    base load changes; the first row says up to when they are. They are added up once a change."""

    def __init__(self):
        super().__init__("bill", "Bill and CO2", bill_rows)
        self._known: Any = None

    def work_out(self, moment: Moment) -> None:
        model = moment.model
        known = model, len(model.conditions.ledger)
        if self._known is None or known[0] is not self._known[0] or known[1] != self._known[1]:
            self._known, self.rows = known, bill_rows(model, moment.t_s)


def bill_rows(model, t_s: float) -> list[Row]:
    """Lines, total, and what was caused and avoided, as of the last entry in the books before
    `t_s`."""
    conditions, scenario = model.conditions, model.scenario
    ledger = conditions.ledger.columns()
    peaks = conditions.demand.peaks() if conditions.demand else {}
    lines = bill_lines(scenario, ledger, conditions.band_names, peaks)
    rows = [Row("Booked up to", weekday_clock(conditions.ledger.until_s, t_s, scenario.start), "")]
    rows += [Row(line["line"][:1].upper() + line["line"][1:], money(line["amount"]),
                 f"{number(line['quantity'], 0)} {line['unit']}") for line in lines]
    rows.append(Row("Total", money(bill_total(lines)), scenario.currency))
    return rows + _carbon_rows(model, ledger)


def _carbon_rows(model, ledger: dict) -> list[Row]:
    session = model.world.session
    if math.isnan(model.world.hub.co2_average.item(0)):
        return []
    caused_kg = footprint(ledger)["co2_kg"]
    by_v2g = math.fsum(earnings.co2_of_sessions(
        model, session.rows(session.discharged_kwh > 0.0)).tolist())
    known = not math.isnan(model.world.hub.co2_marginal.item(0))
    return [Row("CO2 caused", number(caused_kg, 1), "kg"),
            *([Row("by V2G", signed(by_v2g), "kg", "feed" if by_v2g < 0.0 else "text")]
              if known and by_v2g else [])]
