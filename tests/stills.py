"""The stills that tell what the picture looks like: one table for the golden pictures and the gallery.

    python tests/stills.py FOLDER [NAME ...]    # draws them, all if none is named

A family of stills differs in one thing (hour, tier, flow, ...); whoever adds a view, an overlay or a
status adds it to its family's tuple here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from entities.components import Status  # noqa: E402
from game.look import Flow, Look, Overlay, Tier, View  # noqa: E402

VIEWS = tuple(View)[1:]
OVERLAYS = tuple(Overlay)[1:]
TIERS = tuple(Tier)
STATUSES = tuple(Status)
HOURS = {"dawn": "1d 06:45", "noon": "1d 12:00", "sunset": "19:50", "night": "1d 02:00"}

FULL, SMALL = (1280, 720), (640, 360)


@dataclass(frozen=True)
class Still:
    """What a still shows: `scenario` is a shipped name or, with `change`, a parsed TOML, `at` a TIME;
    `change(model)` has the last word on the columns."""

    scenario: str | dict
    at: str
    camera: str | None = None
    select: str | None = None
    ui: bool = True
    look: Look = field(default_factory=lambda: Look(tier=Tier.HIGH))
    size: tuple[int, int] = FULL
    palette: str = "standard"
    change: Callable | None = None


def _evening(at: str = "18:40", **more) -> Still:
    return Still("evening_peak", at, **more)


def _troubles(at: str = "18:30", **more) -> Still:
    return Still("network_troubles", at, **more)


def _small(still: Still, **look) -> Still:
    return replace(still, size=SMALL, look=replace(still.look, **look))


def _status_row() -> dict:
    """A connector for each status, side by side, and a camera before them."""
    return {
        "name": "statuses", "start": "2026-06-10T12:00:00+02:00", "duration": "24h",
        "site": {"zones": [{"name": "Row", "stations": [{"connectors": [
            {"kind": "CCS2", "charge_kw": 22.0, "count": len(STATUSES)}]}]}]},
        "cameras": [{"name": "row", "target": [0.0, 1.0, 0.0], "distance": 17.0, "yaw": 35.0, "pitch": 24.0}],
    }


def _show_statuses(model) -> None:
    connector = model.world.connector
    connector.status[connector.rows()] = STATUSES


_FLOWS = _evening(camera="hub", ui=False, size=SMALL)

# Drawn large where there is something to read.
STILLS = {
    "dusk": _evening("19:05", select="C-16"),
    "night": _evening("1d 02:00", camera="bays", ui=False, size=SMALL),
    "noon": Still("caltech_garage", "3d 12:00"),
    "medium": _evening("20:30", look=Look(tier=Tier.MEDIUM)),
    "clouds": Still("solar_carport", "1d 14:00"),
    "lamps": Still("caltech_garage", "3d 02:00", ui=False, size=SMALL),
    "network": Still("network_troubles", "18:30", camera="row", ui=False,
                     look=Look(view=View.OCPP, tier=Tier.HIGH)),
    "v2g": _evening(select="POOL-08", look=Look(view=View.V2G, tier=Tier.HIGH)),
    "ocpp": _evening(look=Look(view=View.OCPP, tier=Tier.HIGH)),
    "performance": _evening(look=Look(view=View.PERFORMANCE, tier=Tier.HIGH)),
    "arrival": _evening("13702", select="POOL-01"),
    "close": _evening("19:05", camera="close", ui=False, size=SMALL),
    "soc": _evening("18:30", camera="bays", look=Look(overlay=Overlay.SOC, tier=Tier.HIGH)),
    "health": _evening("19:05", look=Look(overlay=Overlay.HEALTH, tier=Tier.HIGH)),
    "particles": replace(_FLOWS, look=Look(flow=Flow.PARTICLES, tier=Tier.HIGH)),
    "tubes": replace(_FLOWS, look=Look(flow=Flow.TUBES, tier=Tier.HIGH)),
    "arcs": replace(_FLOWS, look=Look(flow=Flow.ARCS, tier=Tier.HIGH)),
    "hub": Still("solar_carport", "1d 13:00", camera="hub", ui=False, size=SMALL),
    "limit": _evening("22:30", camera="hub", ui=False, size=SMALL, look=Look(tier=Tier.LOW)),
    "empty": Still("empty_lot", "06:30"),
}
# Families, drawn small, each beside its base.
FAMILIES: dict[str, dict[str, Still]] = {
    "base": {"evening": _small(_evening())},
    "view": {v.name.lower(): _small(_evening(), view=v) for v in VIEWS},
    # Where a station is offline, connectivity tells something.
    "overlay": {o.name.lower(): _small(_troubles() if o == Overlay.CONNECTIVITY else _evening(), overlay=o)
                for o in OVERLAYS},
    "palette": {"safe": replace(_small(_evening()), palette="safe"),
                **{f"safe_{o.name.lower()}": replace(_small(_evening(), overlay=o), palette="safe")
                   for o in (Overlay.FLOW, Overlay.LOAD)}},
    # Where power goes from a wall box's to a fast charger's.
    "flow": {f.name.lower(): _small(_troubles("19:00", ui=False), flow=f) for f in Flow},
    "tier": {t.name.lower(): _small(_FLOWS, tier=t) for t in TIERS},
    "hour": {name: _small(_evening(at, ui=False)) for name, at in HOURS.items()},
    "status": {"all": Still(_status_row(), "12:05", camera="row", ui=False, change=_show_statuses,
                            look=Look(view=View.OCPP, tier=Tier.HIGH))},
}
STILLS |= {f"{family}_{name}": still for family, members in FAMILIES.items()
           for name, still in members.items()}


@cache
def _model(name: str, at: str):
    """A shipped scenario's model at a TIME: many stills show the same moment."""
    from sim.scenario import load

    return _advanced(load(name), at)


def _advanced(scenario, at: str):
    from game.ui.trace import Trace
    from sim.model import Model

    model = Model(scenario, history=Trace())
    model.advance(scenario.seconds(at))
    return model


def draw(still: Still, path: Path, shell) -> None:
    """Draw a still into a PNG file, with a shell of its size."""
    from game.app import shot
    from sim.scenario import from_dict

    if still.change is None:
        model = _model(still.scenario, still.at)
    else:
        model = _advanced(from_dict(still.scenario, "stills"), still.at)
        still.change(model)
    shot(model.scenario, model, model.now_s, path, still.size, still.camera, still.select, ui=still.ui,
         palette=still.palette, look=still.look, shell=shell)


def main(folder: Path, names: list[str]) -> None:
    import game.app  # noqa: F401 - before there is a shell, as in the program: ImGui's letters depend on it
    from game.shell import Shell

    folder.mkdir(parents=True, exist_ok=True)
    for size in (FULL, SMALL):  # one context each: shaders are compiled once
        shell = None
        for name in (name for name in names or STILLS if STILLS[name].size == size):
            began, shell = time.perf_counter(), shell or Shell(size, offscreen=True)
            draw(STILLS[name], folder / f"{name}.png", shell)
            print(f"{folder / name}.png {time.perf_counter() - began:.1f} s", flush=True)
        if shell is not None:
            shell.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
