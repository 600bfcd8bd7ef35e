"""A debrief as one HTML page: nothing to load, no script, charts as inline SVG, readable on paper."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import NamedTuple

from sim.spelling import number, pretty
from sim.timing import clock_label
from sim.training.instructor import section

WIDE, HIGH, LEFT, FOOT = 940.0, 150.0, 58.0, 22.0
RUNS = (("yours", "you", "#1769aa", ""), ("reference", "reference", "#2e7d4f", "7 4"),
        ("nobody", "nobody", "#8a8f98", "2 4"))
CHARTS = (("net_kw", "Power at the grid, kW", "import_limit_kw"), ("fed_kw", "Fed by vehicles, kW", None),
          ("stress", "Stress of the grid", None), ("hot_spot_c", "Hot-spot of the transformer, °C", None),
          ("frequency_hz", "Frequency, Hz", None), ("spent", "Money spent so far", None),
          ("missing_kwh", "Energy missing at departures so far, kWh", None))
LANES = (("inject", "Injects"), ("decision", "Decisions"), ("reference", "Reference"), ("alarm", "Alarms"),
         ("loss", "Points lost"))
STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;color:#1d2733;background:#f4f6f8;margin:0}
main{max-width:1000px;margin:0 auto;padding:28px 30px 60px;background:#fff}
h1{font-size:28px;margin:0}h2{font-size:19px;margin:36px 0 8px}p{margin:6px 0}
.quiet{color:#5d6875}.score{font-size:44px;font-weight:650;line-height:1.1}
.passed{color:#2e7d4f}.failed{color:#a8321e}
header{display:flex;justify-content:space-between;gap:24px;align-items:flex-end;border-bottom:2px solid #1d2733;
padding-bottom:14px}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;border-bottom:1px solid #9aa4af}td,th{padding:5px 10px 5px 0;vertical-align:top}
tr+tr td{border-top:1px solid #e4e8ec}td.n,th.n{text-align:right;white-space:nowrap}
td.t,th.t{width:5.5em;white-space:nowrap}td.k,th.k{width:6em}
code{font:13.5px ui-monospace,monospace;background:#eef1f4;padding:1px 5px;border-radius:3px}
svg{display:block;width:100%;height:auto;margin:4px 0 14px}svg text{font:12px system-ui,sans-serif;fill:#5d6875}
.key span{margin-right:18px;white-space:nowrap}.bar{background:#e4e8ec;height:8px;border-radius:4px;min-width:120px}
.bar i{display:block;height:8px;border-radius:4px;background:#1769aa}
tr.p td{border-top:0!important;padding-right:0}figure{margin:0 0 10px}.scroll{overflow-x:auto}img{display:block;width:100%;max-width:800px;height:auto;border-radius:4px}
figcaption{font-size:13px;color:#5d6875;margin-top:3px}
@media(max-width:700px){main{padding:18px 16px 40px}header{display:block}.scroll svg{min-width:680px}
.bar{min-width:56px}td.k,th.k{width:auto}td.t,th.t{width:auto}}
@media print{body{background:#fff}h2{break-after:avoid}tr,svg,img{break-inside:avoid}}
"""


class Still(NamedTuple):
    """A picture of the site as a data URI, and what `sim.history.SERIES_COLUMNS` are in it."""

    uri: str
    figures: Mapping[str, float]


def page(told: dict, trainee: str = "", stills: Mapping[float, Still] | None = None, why_none: str = "") -> str:
    """The page of a debrief (`sim.training.debrief`). `stills` are pictures by the time (s) of
    their moment; `why_none` says why there are none where there should be."""
    start = datetime.fromisoformat(told["start"])

    def clock(t_s: float) -> str:
        return clock_label(t_s, start)

    parts = [_head(told, trainee, start), _sheet(told, clock), _runs(told), _timeline(told, clock),
             *_charts(told, clock), _decisions(told, clock),
             _moments(told, clock, dict(stills or {}), why_none), _alarms(told, clock), _rest(told, clock),
             section(told, clock)]
    name = escape(pretty(told["scenario"]))
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Debrief: {name}</title>'
            '<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">'
            f"<style>{STYLE}</style></head><body><main>{''.join(parts)}</main></body></html>\n")


def _head(told: dict, trainee: str, start: datetime) -> str:
    sheet = told["sheet"]
    verdict = "passed" if sheet["passed"] else "failed"
    who = f"{escape(trainee)}, " if trainee else ""
    proof = "verified by simulating the run anew" if told["verified"] else "NOT verified: the run differs"
    return (f"<header><div><h1>{escape(pretty(told['scenario']))}</h1><p>{escape(told['story'])}</p>"
            f'<p class="quiet">{who}{start:%d %B %Y, %H:%M}, seed {told["seed"]}, run '
            f"{told['digest'][:12]}, {proof}</p></div><div><div class=\"score {verdict}\">"
            f"{number(sheet['points'], 1)}</div><p class=\"{verdict}\">{verdict}, pass mark "
            f"{number(sheet['pass_mark'], 0)}</p></div></header>"
            f"<h2>The task</h2>{''.join(f'<p>{escape(text)}</p>' for text in _paragraphs(told['briefing']))}")


def _sheet(told: dict, clock) -> str:
    rows = []
    for part in told["sheet"]["objectives"]:
        share = 100.0 * part["points"] / part["weight"]
        lost = "".join(f"<br>{clock(loss['t_s'])} &nbsp;{number(-loss['points'], 1)}&nbsp; {escape(loss['why'])}"
                       for loss in sorted(part["losses"], key=lambda loss: -loss["points"])[:4])
        more = len(part["losses"]) - 4
        lost += f"<br>and {more} more" if more > 0 else ""
        rows.append(f'<tr><td>{escape(part["title"])}<span class="quiet">{lost}</span></td><td><div class="bar">'
                    f'<i style="width:{share:.1f}%"></i></div></td><td class="n">{number(part["points"], 1)} of '
                    f'{number(part["weight"], 0)}</td></tr>')
    rows += [f'<tr><td>{escape(hint["why"].capitalize())}<span class="quiet"><br>{clock(hint["t_s"])}</span>'
             f'</td><td></td><td class="n">{number(-hint["points"], 1)}</td></tr>' for hint in told["sheet"]["hints"]]
    return f"<h2>Score sheet</h2><table>{''.join(rows)}</table>"


def _runs(told: dict) -> str:
    lines = (("points", "Points", 1), ("cost", f"Cost, {told['currency']}", 2),
             ("energy_not_served_kwh", "Energy missing, kWh", 1), ("peak_import_kw", "Highest import, kW", 0),
             ("limit_excess_s", "Above limits, s", 0), ("stress_max", "Highest stress", 2),
             ("v2g_wear_assumed", f"Wear by V2G, {told['currency']}", 2),
             ("v2g_net", f"V2G net, {told['currency']}", 2), ("energy_discharged_ac_kwh", "Fed, kWh", 1))
    runs = [(words, told["runs"][key]) for key, words, _, _ in RUNS if told["runs"][key]]
    optimum = told["runs"]["optimum_cost"]
    head = "".join(f'<th class="n">{words}</th>' for words, _ in runs)
    head += '<th class="n">optimum</th>' if optimum is not None else ""
    rows = []
    for key, words, digits in lines:
        if not any(run[key] for _, run in runs) and key != "points":
            continue
        cells = "".join(f'<td class="n">{"" if run[key] is None else number(run[key], digits)}</td>'
                        for _, run in runs)
        if optimum is not None:
            cells += f'<td class="n">{number(optimum, 2) if key == "cost" else ""}</td>'
        rows.append(f"<tr><td>{escape(words)}</td>{cells}</tr>")
    return f"<h2>Beside the reference</h2><table><tr><th></th>{head}</tr>{''.join(rows)}</table>"


def _timeline(told: dict, clock) -> str:
    until, pitch = told["until_s"], 24.0
    marks = []
    solved = [{"kind": "reference", "points": 0.0, **one} for one in told["reference"]]
    lanes = [lane for lane in LANES if solved or lane[0] != "reference"]
    for row, (kind, words) in enumerate(lanes):
        y = 14.0 + pitch * row
        marks.append(f'<text x="0" y="{y + 4:.0f}">{words}</text>'
                     f'<line x1="{LEFT + 30}" y1="{y}" x2="{WIDE}" y2="{y}" stroke="#e4e8ec"/>')
        for moment in (*told["moments"], *solved):
            if moment["kind"] == kind:
                x = LEFT + 30 + (WIDE - LEFT - 30) * moment["t"] / until
                radius = 4.0 + min(moment["points"], 30.0) / 6.0
                colour = {"inject": "#8a5a00", "decision": "#1769aa", "reference": "#2e7d4f"}.get(kind, "#a8321e")
                marks.append(f'<circle cx="{x:.1f}" cy="{y}" r="{radius:.1f}" fill="{colour}" fill-opacity=".75">'
                             f"<title>{clock(moment['t'])} {escape(moment['text'])}</title></circle>")
    high = 14.0 + pitch * len(lanes)
    return (f'<h2>Timeline</h2><div class="scroll"><svg viewBox="0 0 {WIDE:.0f} {high + FOOT:.0f}" role="img" aria-label="timeline">'
            f"{''.join(marks)}{_hours(until, high, clock, LEFT + 30)}</svg></div>")


def _charts(told: dict, clock) -> list[str]:
    key = "".join(f'<span style="color:{colour}">{"━" if not dash else "╍"} {words}</span>'
                  for name, words, colour, dash in RUNS if told["series"][name])
    found = [f'<h2>Charts</h2><p class="key">{key}</p>']
    for name, words, limit in CHARTS:
        series = [(told["series"][run], colour, dash) for run, _, colour, dash in RUNS
                  if told["series"][run] and name in told["series"][run]]
        values = [v for its, _, _ in series for v in its[name] if v is not None]
        if not values or max(values) - min(values) < 1e-9:
            continue
        found.append(f"<p>{escape(words)}</p>" + _chart(told, series, name, limit, values, clock))
    return found


def _chart(told: dict, series, name: str, limit: str | None, values: list[float], clock) -> str:
    until = told["until_s"]
    low, high = min(*values, 0.0 if name not in ("frequency_hz", "hot_spot_c") else min(values)), max(values)
    if limit in told["series"]["yours"]:
        high = max(high, *(v for v in told["series"]["yours"][limit] if v is not None))
    step = _round_step(high - low)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    span = (high - low) or step
    ticks = [low + k * step for k in range(round(span / step) + 1)]

    def path(its: dict, column: str) -> str:
        points, pen = [], "M"
        for t_s, value in zip(its["t_s"], its[column]):
            if value is None:
                pen = "M"
                continue
            points.append(f"{pen}{LEFT + (WIDE - LEFT) * t_s / until:.1f} {8 + HIGH * (high - value) / span:.1f}")
            pen = "L"
        return "".join(points)

    lines = [f'<line x1="{LEFT}" x2="{WIDE}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e4e8ec"/>'
             f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number(value, _digits(step))}</text>'
             for value, y in ((value, 8 + HIGH * (high - value) / span) for value in ticks)]
    if limit in told["series"]["yours"]:
        lines.append(f'<path d="{path(told["series"]["yours"], limit)}" fill="none" stroke="#a8321e" '
                     'stroke-width="1.2"/>')
        last = next((v for v in reversed(told["series"]["yours"][limit]) if v is not None), None)
        if last is not None:
            lines.append(f'<text x="{WIDE}" y="{3 + HIGH * (high - last) / span:.1f}" text-anchor="end" '
                         'style="fill:#a8321e">limit</text>')
    lines += [f'<path d="{path(its, name)}" fill="none" stroke="{colour}" stroke-width="1.8" '
              f'stroke-dasharray="{dash or "none"}"/>' for its, colour, dash in reversed(series)]
    return (f'<div class="scroll"><svg viewBox="0 0 {WIDE:.0f} {HIGH + 8 + FOOT:.0f}" role="img" aria-label="{escape(name)}">'
            f"{''.join(lines)}{_hours(until, HIGH + 8, clock, LEFT)}</svg></div>")


def _hours(until: float, y: float, clock, left: float) -> str:
    step = next((s for s in (1800.0, 3600.0, 7200.0, 14400.0, 43200.0, 86400.0) if until / s <= 12), until / 6)
    return "".join(
        f'<text x="{left + (WIDE - left) * k * step / until:.1f}" y="{y + 16:.1f}" text-anchor="'
        f'{"start" if k == 0 else "end" if k * step > until * 0.97 else "middle"}">{clock(k * step)}</text>'
        for k in range(int(until / step) + 1))


def _round_step(span: float) -> float:
    """A round step of which about four make `span`."""
    least = max(span, 1e-6) / 4.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= least * 0.999)


def _digits(step: float) -> int:
    return max(-math.floor(math.log10(step) + 1e-9), 0)


def _decisions(told: dict, clock) -> str:
    rows = "".join(f'<tr><td class="t">{clock(one["t"])}</td><td><code>{escape(one["text"])}</code></td>'
                   f'<td class="n">{_signed(one["worth"])}</td></tr>' for one in told["decisions"])
    rows = rows or '<tr><td colspan="3">None.</td></tr>'
    other = "".join(f'<tr><td class="t">{clock(one["t"])}</td><td><code>{escape(one["text"])}</code></td>'
                    f"<td></td></tr>" for one in told["reference"])
    return ('<h2>Decisions</h2><p class="quiet">What each was worth: the points that the run loses when it is '
            'repeated without it alone.</p><table><tr><th class="t"></th><th>you</th><th class="n">worth</th></tr>'
            f"{rows}</table>" + (f'<table><tr><th class="t"></th><th>reference</th><th></th></tr>{other}</table>'
                                 if other else ""))


def _moments(told: dict, clock, stills: dict[float, Still], why_none: str) -> str:
    rows = []
    for moment in told["moments"]:
        still, at = stills.pop(moment["t"], None), clock(moment["t"])  # of several moments the first has it
        picture = (f'<tr class="p"><td colspan="4"><figure><img src="{still.uri}" alt="the site at {at}"><figcaption>'
                   f"{at}: {_words(still.figures)}</figcaption></figure></td></tr>") if still else ""
        text = escape(moment["text"])
        if moment["kind"] in ("inject", "decision"):
            text = f"<code>{text}</code>"
        lost = number(-moment["points"], 1) if moment["points"] else ""
        rows.append(f'<tr><td class="t">{at}</td><td class="k">{moment["kind"]}</td><td>{text}</td>'
                    f'<td class="n">{lost}</td></tr>{picture}')
    note = f'<p class="quiet">There are no pictures: {escape(why_none)}</p>' if why_none else ""
    return f"<h2>Key moments</h2>{note}<table>{''.join(rows)}</table>"


def _words(figures: Mapping[str, float]) -> str:
    """A picture's figures in words, those that the scenario tells."""
    words = []
    for name, before, digits, unit in (("net_kw", "net", 0, " kW"), ("import_limit_kw", "limit", 0, " kW"),
                                       ("fed_kw", "fed", 0, " kW"), ("stress", "stress", 2, ""),
                                       ("frequency_hz", "frequency", 2, " Hz"), ("missing_kwh", "missing so far", 1, " kWh")):
        value = figures.get(name, math.nan)
        if math.isfinite(value):
            words.append(f"{before} {number(value, digits)}{unit}")
    return ", ".join(words)


def _alarms(told: dict, clock) -> str:
    figures = told["alarms"]["figures"]
    rows = "".join(
        f'<tr><td class="t">{clock(one["t"])}</td><td class="k">{one["priority"]}</td><td>{escape(one["source"])}: '
        f'{escape(one["text"])}</td><td class="n">{_after(one["noticed_s"], one["t"])}</td>'
        f'<td class="n">{_after(one["ended_s"], one["t"])}</td></tr>' for one in told["alarms"]["record"])
    table = (f'<table><tr><th class="t"></th><th class="k"></th><th></th><th class="n">noticed after</th>'
             f'<th class="n">over after</th></tr>{rows}</table>')
    return (f'<h2>Alarms</h2><p>{len(told["alarms"]["record"])} alarms, {number(figures["per_hour"], 1)} an hour, '
            f'at most {figures["worst_ten_minutes"]} in ten minutes, {number(figures["flood_s"] / 60.0, 0)} min of flood.</p>'
            + (table if rows else ""))


def _rest(told: dict, clock) -> str:
    ticks = "".join(f"<p>{'☑' if item['done'] else '☐'} {escape(item['text'])}</p>" for item in told["checklist"])
    notes = "".join(f'<p><span class="quiet">{clock(note["t"])} {escape(note["source"])}</span> '
                    f'{escape(note["text"])}</p>' for note in told["notes"])
    return (f"<h2>Checklist</h2>{ticks}" if ticks else "") + (f"<h2>Notes</h2>{notes}" if notes else "")


def _after(t_s: float | None, since_s: float) -> str:
    return "never" if t_s is None else f"{number(max(t_s - since_s, 0.0) / 60.0, 1)} min"


def _signed(points: float) -> str:
    return f"+{number(points, 1)}" if points > 0.05 else number(points, 1)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]
