"""Tables for people on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from sim.timing import clock_label


def kpi_table(outcome: dict, currency: str) -> None:
    """Print a run's key figures."""
    kpis = outcome["kpis"]
    table = Table(title=f"{outcome['scenario']}, seed {outcome['seed']}, "
                  f"{outcome['duration_s'] / 3600:g} h from {outcome['start']}", box=SIMPLE,
                  show_header=False, title_justify="left", title_style="bold")
    table.add_column(style="dim")
    table.add_column(justify="right")
    rows = (*_kpi_rows(kpis, outcome["network"], currency), *_site_rows(kpis, currency),
            *_charging_network_rows(outcome["charging_network"]), *_speed_rows(kpis))
    for name, value, unit in rows:
        table.add_row(name, f"{value} [dim]{unit}[/]" if unit else value)
    console = _console()
    console.print(table)
    console.print(f"digest {outcome['digest']}")


def scenario_table(scenarios: list) -> None:
    """Print scenarios with their stories."""
    table = Table(box=SIMPLE, header_style="dim")
    for heading in ("scenario", "starts", "lasts", "strategy", "story"):
        table.add_column(heading, no_wrap=heading == "scenario")
    for scenario in scenarios:
        table.add_row(scenario.name, f"{scenario.start:%Y-%m-%d} {clock_label(0, scenario.start)}",
                      f"{scenario.duration / 3600:g} h", scenario.strategy, scenario.story)
    _console().print(table)


def job_table(jobs: list) -> None:
    """Print the films of the render queue."""
    table = Table(box=SIMPLE, header_style="dim")
    for heading in ("film", "state", "shows", "output", "why"):
        table.add_column(heading, no_wrap=heading == "state")
    for job in jobs:
        table.add_row(str(job.number), job.state, job.request.shots or job.request.scenario, job.output, job.why)
    _console().print(table if jobs else "The queue is empty: `voltyard queue add` puts a film in.")


COMPARED = {"cost": ("cost", 2), "v2g_revenue": ("V2G revenue", 2),
            "v2g_wear_assumed": ("wear assumed", 2), "demand_charge": ("demand charge", 2),
            "net_cost": ("net cost", 2),
            "v2g_wear_cost": ("V2G wear", 2), "energy_discharged_kwh": ("fed kWh", 1),
            "peak_import_kw": ("peak kW", 1), "limit_excess_s": ("over limit s", 0),
            "stress_hours": ("stress h", 2), "energy_not_served_kwh": ("not served kWh", 2),
            "sessions_satisfied_pct": ("satisfied %", 1), "frequency_min_hz": ("nadir Hz", 3)}


def compare_table(outcome: dict) -> None:
    """Print strategies side by side, under each but the first its differences to the first: their
    mean and, over several seeds, the least and the most. What the scenario does not tell is left
    out."""
    seeds = outcome["seeds"]
    table = Table(title=f"{outcome['scenario']}, money in {outcome['currency']}, "
                  + (f"seed {seeds[0]}" if len(seeds) == 1 else f"means of {len(seeds)} seeds from "
                     f"{seeds[0]}"), box=SIMPLE, title_justify="left", title_style="bold",
                  header_style="dim")
    table.add_column("strategy", no_wrap=True)
    told = {key: how for key, how in COMPARED.items()
            if outcome["strategies"][0]["mean"][key] is not None}
    for heading, _ in told.values():
        table.add_column(heading, justify="right")
    for k, entry in enumerate(outcome["strategies"]):
        table.add_row(entry["name"], *(f"{entry['mean'][key]:,.{digits}f}"
                                       for key, (_, digits) in told.items()))
        for label, which in (("difference", "mean"), ("least", "low"), ("most", "high")) if k else ():
            if which == "mean" or len(seeds) > 1:
                table.add_row(f"  {label}", *(f"{entry['difference'][key][which]:+,.{digits}f}"
                                              for key, (_, digits) in told.items()), style="dim")
    _console().print(table)


def gap_table(outcome: dict) -> None:
    """Print the optimum and each strategy's gap to it, the nearest first."""
    best, currency = outcome["optimum"], outcome["currency"]
    table = Table(title=f"{outcome['scenario']}, seed {outcome['seed']}: optimum {best['cost']:,.2f} "
                  f"{currency}" + ("" if best["exact"] else " or more (classes of stays)")
                  + (" at the prices of the uncontrolled run" if best["conditional"] else ""),
                  box=SIMPLE, title_justify="left", title_style="bold", header_style="dim")
    for heading in ("strategy", f"score {currency}", f"gap {currency}", "not served kWh", "limits"):
        table.add_column(heading, justify="left" if heading in ("strategy", "limits") else "right")
    for entry in sorted(outcome["strategies"], key=lambda e: e["gap"]):
        table.add_row(entry["name"], f"{entry['score']:,.2f}", f"{round(entry['gap'], 2) + 0.0:+,.2f}",
                      f"{entry['energy_not_served_kwh']:,.2f}",
                      "kept" if entry["keeps_limits"] else "exceeded")
    console = _console()
    console.print(table)
    if best["network_left_out"]:
        console.print("The bound leaves the three-phase network out; strategies keep to it.")
    if best["ratings_left_out"]:
        console.print("The bound leaves limits of stations and transformers out; strategies keep to them.")
    console.print(f"One more kW of import limit would save {best['import_limit_value']:,.2f} {currency}.")


def bench_table(title: str, rows: list[dict]) -> None:
    """Print benchmark rows, their keys as headings; where that is too wide, one below the other, the rows
    beside each other, as many as fit. What is the same in all of several rows is said once."""
    console = _console()
    same = [key for key in rows[0] if len(rows) > 1 and len({str(row[key]) for row in rows}) == 1]
    cells = [[(key.replace("_", " "), _figure(row[key])) for key in row if key not in same] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(*([v for _, v in row] for row in cells))]
    names = [name for name, _ in cells[0]]
    if sum(max(len(name), width) + 2 for name, width in zip(names, widths)) <= console.width:
        _bench_part(console, title, names, [[value for _, value in row] for row in cells])
    else:
        widest = max(len(value) for row in cells for _, value in row) + 2
        fit = max((console.width - max(map(len, names)) - 2) // widest, 1)
        for k in range(0, len(cells), fit):
            lines = [[name, *(row[n][1] for row in cells[k:k + fit])] for n, name in enumerate(names)]
            _bench_part(console, title if k == 0 else "", lines[0], lines[1:])
    for key in same:
        console.print(f"{key.replace('_', ' ')}: {_figure(rows[0][key])}")


def _bench_part(console: Console, title: str, headings: list[str], lines: list[list[str]]) -> None:
    table = Table(title=title, box=SIMPLE, title_justify="left", title_style="bold", padding=(0, 1))
    for k, heading in enumerate(headings):
        table.add_column(heading, justify="right" if k else "left", no_wrap=True)
    for line in lines:
        table.add_row(*line)
    console.print(table)


def _figure(value) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def battery_tables(facts: dict, most_days: int) -> None:
    """Print what a recording did to a battery: its figures, and its days, at most the last
    `most_days`."""
    table = Table(title=f"{facts['file']}: {facts['model_title']}, {facts['hours'] / 24:.1f} days "
                  f"from {facts['days'][0]['from']}", box=SIMPLE, show_header=False,
                  title_justify="left", title_style="bold")
    table.add_column(style="dim")
    table.add_column(justify="right")
    for name, value, unit in _battery_rows(facts):
        table.add_row(name, f"{value} [dim]{unit}[/]" if unit else value)
    days = Table(box=SIMPLE, header_style="dim")
    for heading in ("day", "from", "lost %", "calendar %", "cycling %", "EFC", "DoD %",
                    "°C", "fastest C", "outside"):
        days.add_column(heading, justify="left" if heading in ("from", "outside") else "right")
    for day in facts["days"][-most_days:]:
        outside = [word for key, word in (("outside_temperature", "temperature"),
                                          ("outside_c_rate", "C-rate")) if day[key]]
        days.add_row(f"{day['day']}", day["from"], *(f"{100 * day[key]:.4f}" for key in (
            "fade", "fade_calendar", "fade_cycling")), f"{day['efc']:.2f}",
            f"{100 * day['dod']:.0f}", f"{day['celsius_min']:.0f} to {day['celsius_max']:.0f}",
            f"{day['c_rate_max']:.2f}", ", ".join(outside))
    console = _console()
    console.print(table)
    console.print(days)
    if len(facts["days"]) > most_days:
        console.print(f"the last {most_days} of {len(facts['days'])} days; --json has them all")
    for gap in facts["gaps"]:
        console.print(f"gap: no sample for {gap['hours']:.1f} h from {gap['at']}, bridged by a line")


def _battery_rows(facts: dict):
    yield "health at the end", f"{100 * facts['soh']:.3f}", "% of new capacity"
    yield "lost over the recording", f"{100 * facts['fade']:.4f}", "%"
    yield "  by time (calendar)", f"{100 * facts['fade_calendar']:.4f}", "%"
    yield "  by cycling", f"{100 * facts['fade_cycling']:.4f}", "%"
    yield "equivalent full cycles", f"{facts['efc']:.2f}", f"({facts['efc_per_day']:.2f} a day)"
    yield "depth of discharge", f"{100 * facts['dod_mean']:.0f}", (
        f"% a day, at most {100 * facts['dod_max']:.0f}")
    years = facts["years_to_end_of_life"]
    yield f"to {100 * facts['end_of_life']:g} %, like this", (
        "more than 50" if years is None else f"{years:.1f}"), "years"
    yield "age before the recording", f"{facts['age_years']:g}", "years used like this"
    low, high = facts["tested_celsius"]
    yield "tested", f"{low:g} to {high:g}", (
        f"°C, up to {facts['tested_charge_c']:g}C charging, {facts['tested_discharge_c']:g}C "
        "discharging")
    if facts["outside_tested_range"]:
        yield "outside the tested range", (
            f"{facts['days_outside_temperature']} by temperature, "
            f"{facts['days_outside_c_rate']} by C-rate"), "days"
    yield "degradation scalar", f"{facts['degradation_scalar']:g}", ""


class _Output(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would exit with 1; see game.cli.main


def _console() -> Console:
    """Standard output; where it is no terminal, wide enough for whole lines."""
    console = _Output(highlight=False)
    return console if console.is_terminal else _Output(highlight=False, width=140)


def _kpi_rows(kpis: dict, network: dict | None, currency: str):
    yield "sessions", f"{kpis['sessions']:,}", ""
    yield "left satisfied", f"{kpis['sessions_satisfied_pct']:.1f}", "%"
    yield "had to queue", f"{kpis['sessions_queued']:,}", ""
    yield "left unserved", f"{kpis['sessions_unserved']:,}", ""
    yield "energy requested", f"{kpis['energy_requested_kwh']:,.1f}", "kWh"
    yield "energy charged", _signed(kpis["energy_charged_kwh"]), "kWh"
    yield "energy fed back", _signed(-kpis["energy_discharged_kwh"]), "kWh"
    losses = kpis["losses_charging_kwh"] + kpis["losses_discharging_kwh"]
    yield "lost between them and the meter", f"{losses:,.1f}", "kWh"
    yield "energy not served", f"{kpis['energy_not_served_kwh']:,.2f}", "kWh"
    if "energy_recorded_ac_kwh" in kpis:
        yield "recorded", f"{kpis['energy_recorded_ac_kwh']:,.1f}", "kWh"
        yield "charged of recorded", f"{kpis['energy_charged_of_recorded_pct']:.2f}", "%"
    yield "peak import", _signed(kpis["peak_import_kw"]), "kW"
    yield "peak export", _signed(-kpis["peak_export_kw"]), "kW"
    yield "limit exceeded", f"{kpis['limit_excesses']:,}", "times"
    if kpis["limit_excesses"]:
        yield "  for", f"{kpis['limit_excess_s'] / 60:,.1f}", "min"
        if kpis["limit_excess_worst_kw"]:
            yield "  by up to", f"{kpis['limit_excess_worst_kw']:,.1f}", "kW"
        if kpis["limit_excess_worst_a"]:
            yield "  by up to", f"{kpis['limit_excess_worst_a']:,.1f}", "A"
    for limit in (network or {}).get("limits", ()):
        if limit["excesses"]:
            yield f"  {limit['name']}", f"{limit['max_a']:,.1f}", (
                f"A, limit {limit['limit_a']:,.1f}: {limit['excesses']:,} times, "
                f"{limit['excess_s'] / 60:,.1f} min")
    if kpis["line_max_a"]:
        yield "lines A, B, C up to", ", ".join(
            f"{amps:,.0f}" for amps in kpis["line_max_a"].values()), "A"
    if kpis["unbalance_mean"] is not None:
        yield "unbalance on average", f"{100 * kpis['unbalance_mean']:,.0f}", "%"
    yield "cost of energy", f"{kpis['cost']:,.2f}", currency
    yield "V2G revenue", f"{kpis['v2g_revenue']:,.2f}", currency
    if kpis["frequency_min_hz"] is not None:
        yield "lowest frequency", f"{kpis['frequency_min_hz']:.3f}", "Hz"
        yield "highest frequency", f"{kpis['frequency_max_hz']:.3f}", "Hz"
        yield "fastest change", f"{kpis['rocof_max_hz_per_s']:.3f}", "Hz/s"
        yield "outside normal band", f"{kpis['frequency_outside_s']:,.1f}", "s"
        yield "frequency support", f"{-kpis['support_up_kwh']:+,.1f} / {kpis['support_down_kwh']:+,.1f}", "kWh AC"


def _site_rows(kpis: dict, currency: str):
    """The bill, carbon, wear and stress, as far as the scenario has them."""
    if kpis["bill"]:
        yield "the site's bill", f"{kpis['bill_total']:,.2f}", currency
    if kpis["wear_cost"] is not None:
        yield "battery wear", f"{kpis['wear_cost']:,.2f}", currency
        if kpis["v2g_wear_cost"]:
            yield "  of it by V2G", f"{kpis['v2g_wear_cost']:,.2f}", currency
    if kpis["co2_kg"] is not None:
        yield "CO2 caused", f"{kpis['co2_kg']:,.1f}", "kg"
    if kpis["co2_v2g_kg"]:
        yield "CO2 by V2G", f"{kpis['co2_v2g_kg']:+,.1f}", "kg"
    if kpis["renewable_share_pct"] is not None:
        yield "renewable share", f"{kpis['renewable_share_pct']:.1f}", "%"
    if kpis["stress_hours"] is not None:
        hours = kpis["stress_hours"]
        yield "highest grid stress", f"{kpis['stress_max']:.2f}", kpis["stress_max_words"]
        yield "  medium, high, emergency", ", ".join(
            f"{hours[level]:,.1f}" for level in ("medium", "high", "emergency")), "h"


def _speed_rows(kpis: dict):
    yield "simulated in", f"{kpis['wall_s']:.3f}", "s"
    yield "speed", f"{kpis['sim_s_per_wall_s']:,.0f}", "x real time"


def _charging_network_rows(network: dict):
    if network["availability_pct"] is None:
        return
    yield "connectors available", f"{network['availability_pct']:.2f}", "% of the time"
    yield "  in use", f"{network['utilisation_pct']:.1f}", "% of the time"
    if network["efficiency_pct"] is not None:
        yield "charger efficiency", f"{network['efficiency_pct']:.1f}", "%"
    if network["faults"]:
        yield "faults", f"{network['faults']:,}", ""
        if network["mttr_h"] is not None:
            yield "  repaired in", f"{network['mttr_h']:,.1f}", "h"


def _signed(value: float) -> str:
    """`+12.0`, `-3.5`, and zero without a sign."""
    return f"{value:+,.1f}" if abs(value) >= 0.05 else "0.0"
