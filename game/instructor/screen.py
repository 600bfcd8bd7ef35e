"""What the instructor sees in the terminal, as lines of styled text: no terminal is touched here."""

from __future__ import annotations

from typing import NamedTuple

from game.ui.prompt import MOST_SHOWN, Prompt
from sim.spelling import number

PLAIN, QUIET, BOLD, WARN, FAULT, MINE = "plain", "quiet", "bold", "warn", "fault", "mine"
MARKS = {"fault": ("◆", FAULT), "warning": ("◇", WARN), "notice": ("•", PLAIN)}
LEAST_ROWS, LEAST_COLUMNS = 14, 50
MOST_ALARMS, MOST_WAITING = 4, 6
PROMPT = "# "


class Span(NamedTuple):
    text: str
    style: str = PLAIN


Line = list[Span]


class Screen(NamedTuple):
    """Lines from the top, each within the width, and the cursor's (row, column)."""

    lines: list[Line]
    cursor: tuple[int, int]


def screen(told: dict, news: list[dict], prompt: Prompt, reply: list[Span], width: int, height: int) -> Screen:
    """The whole screen: how it stands, what waits, what happened, the line that is typed and what it means.
    `told` is the desk's status, `news` all news so far, `reply` what came of the last line."""
    width, height = max(width, LEAST_COLUMNS), max(height, LEAST_ROWS)
    top = [*_standing(told), *_alarms(told), _rule(width)]
    waiting = told["waiting"]
    if waiting:
        top.append([Span("Waits, hidden from the trainee", QUIET)])
        top += [[Span("  " + text, MINE)] for text in waiting[:MOST_WAITING]]
        if len(waiting) > MOST_WAITING:
            top.append([Span(f"  and {len(waiting) - MOST_WAITING} more: list", QUIET)])
        top.append(_rule(width))
    foot = _foot(prompt, reply, width)
    room = max(height - len(top) - len(foot), 1)
    log = [_entry(one) for one in news[-room:]] or [[Span("Nothing has happened yet.", QUIET)]]
    log += [[] for _ in range(room - len(log))]
    lines = [_cut(line, width) for line in [*top[:height - len(foot) - 1], *log, *foot]][:height]
    row = min(len(lines), len(top[:height - len(foot) - 1]) + len(log) + 1)
    return Screen(lines, (row, min(len(PROMPT) + prompt.cursor, width - 1)))


def _standing(told: dict) -> list[Line]:
    runs = (Span("over", QUIET) if told["ended"] else Span("paused", WARN) if told["paused"]
            else Span(f"×{told['speed']:g}"))
    head = [Span(told["scenario"], BOLD), Span(f"   {told['date']} "), Span(told["clock"], BOLD), Span("   "), runs]
    if told["past"]:
        head.append(Span(f"   the trainee looks at {told['past']}", WARN))
    if told["branch"]:
        head.append(Span(f"   on branch {told['branch']}, not scored", WARN))
    if told["taken_over"]:
        head.append(Span("   you have the controls", MINE))
    over = told["limit_kw"] is not None and told["net_kw"] > told["limit_kw"] + 0.05
    figures = [Span("Net "), Span(f"{told['net_kw']:+.1f} kW", FAULT if over else BOLD)]
    if told["limit_kw"] is not None:
        figures.append(Span(f" of {told['limit_kw']:g}", QUIET))
    if told["stress"] is not None:
        figures += [Span("   Stress "), Span(f"{told['stress']:.2f}", WARN if told["stress"] > 0.8 else BOLD)]
    figures += [Span("   Plugged "), Span(str(told["plugged"]), BOLD), Span("   Queued "),
                Span(str(told["queued"]), WARN if told["queued"] else PLAIN)]
    lines, exercise = [head, figures], told["exercise"]
    if exercise:
        verdict = {True: ", passed", False: ", failed", None: ""}[exercise["passed"]]
        points = "–" if exercise["points"] is None else number(exercise["points"], 1)
        lines.append([Span("Score "), Span(points, BOLD),
                      Span(f" of 100, pass mark {exercise['pass_mark']:g}{verdict}   "
                           f"Hints {exercise['hints']} of {exercise['of_hints']}   "),
                      Span("the trainee reads the briefing" if not exercise["begun"]
                           else exercise["step"] or "", QUIET)])
    return lines


def _alarms(told: dict) -> list[Line]:
    alarms = told["alarms"]
    if not alarms:
        return [[Span("No alarms", QUIET)]]
    lines = []
    for one in alarms[:MOST_ALARMS]:
        mark, style = MARKS[one["nature"]]
        style = style if one["active"] and not one["acknowledged"] else QUIET
        state = "" if one["active"] else "over: "
        new = "" if one["acknowledged"] else "   not acknowledged"
        lines.append([Span(f"{mark} {one['clock']}  {state}{one['text']}", style), Span(new, style)])
    if len(alarms) > MOST_ALARMS:
        lines.append([Span(f"  and {len(alarms) - MOST_ALARMS} more alarms", QUIET)])
    return lines


def _entry(one: dict) -> Line:
    who = {"instructor": ("you", MINE), "operator": ("trainee", BOLD), "inject": ("inject", WARN)}.get(
        one["who"], (one["who"], PLAIN))
    style = {"event": QUIET, "note": PLAIN}.get(one["kind"], PLAIN)
    return [Span(f"{one['clock']:>8}  ", QUIET), Span(f"{who[0]:<8} ", who[1]), Span(one["text"], style)]


def _foot(prompt: Prompt, reply: list[Span], width: int) -> list[Line]:
    """The line, what it means or what became of the last one, what may come next."""
    words, tone = prompt.says
    style = {"quiet": QUIET, "warning": WARN, "fault": FAULT}.get(tone, PLAIN)
    note = reply if reply and not prompt.text else [Span("  " + words, style)]
    lines = [_rule(width), [Span(PROMPT, MINE), Span(prompt.text)], note]
    first = max(min(prompt.chosen - MOST_SHOWN + 1, len(prompt.candidates) - MOST_SHOWN), 0)
    for k, one in enumerate(prompt.candidates[first:first + MOST_SHOWN] if prompt.text else (), first):
        mark = "> " if k == prompt.chosen else "  "
        lines.append([Span(mark + f"{one.text:<24} ", BOLD if k == prompt.chosen else PLAIN),
                      Span(one.refusal or one.meaning, QUIET)])
    return lines


def _rule(width: int) -> Line:
    return [Span("─" * width, QUIET)]


def _cut(line: Line, width: int) -> Line:
    """As much of a line as fits."""
    left, found = width, []
    for span in line:
        if len(span.text) > left:
            found.append(Span(span.text[:max(left - 1, 0)] + "…" if left else "", span.style))
            break
        found.append(span)
        left -= len(span.text)
    return found
