"""What the labels of the moment say: the selected, the hub, what is wrong, zones, the nearest."""

from __future__ import annotations

import numpy as np

from entities.components import Place, Status
from entities.world import World
from game.palette import Color, Palette
from game.scene.frame import Frame
from game.scene.labels import Label
from game.scene.layout import HUB_HEIGHT, Layout
from game.scene.power import IDLE_KW, Power, segment_ac_kw
from game.scene.selection import Boxes
from game.scene.vehicles import Vehicles
from sim.battery.segments import energy_at

EXCEEDED = 1.001
MOST_ALARMS, ALARM_LABEL_M = 12, 2.5
# The nearest few in the picture, by how far they are from the eye; they fade over the last third.
NEAREST_CONNECTORS, CONNECTOR_M = 6, 26.0
NEAREST_VEHICLES, VEHICLE_M = 18, 48.0
VEHICLE_LABEL_M = 1.05      # above its roof: clear of its bar


class Captions:
    """Composes labels, what matters most first."""

    def __init__(self, layout: Layout, palette: Palette, power: Power, vehicles: Vehicles,
                 boxes: Boxes, world: World, currency: str):
        self._layout, self._palette, self._power = layout, palette, power
        self._vehicles, self._boxes, self._currency = vehicles, boxes, currency
        self._zones = np.unique(world.connector.zone[world.connector.alive]).tolist()
        self._nearest: list[int] = []
        self.alarms: tuple[int, ...] = ()
        self.on_its_way = False

    def upload(self, world: World, abnormal: np.ndarray) -> None:
        """Take the connectors that are unavailable or faulted (rows)."""
        worst_first = np.argsort(-world.connector.status[abnormal], kind="stable")
        self.alarms = tuple(abnormal[worst_first][:MOST_ALARMS].tolist())

    def arrange(self, world: World, eye: np.ndarray) -> None:
        """Choose the few connectors close enough to be named, nearest first."""
        self._nearest = []
        if eye[1] <= CONNECTOR_M:
            rows = world.connector.rows()
            away = np.linalg.norm(self._layout.connector_xyz[rows] - eye, axis=1)
            rows, away = rows[away < CONNECTOR_M], away[away < CONNECTOR_M]
            self._nearest = rows[np.argsort(away, kind="stable")[:NEAREST_CONNECTORS]].tolist()

    def compose(self, world: World, now_s: float, selected, net_kw: float, frame: Frame):
        """Labels of the moment. `on_its_way`: whether one of them follows a vehicle that drives."""
        self.on_its_way = False
        shown = self._selected(world, now_s, selected)
        yield from shown
        yield self._hub(net_kw)
        named = {label.key for label in shown}
        for row in self.alarms:
            if ("connector", row) not in named:
                named.add(("connector", row))
                x, _, z = self._layout.connector_xyz[row]
                value, dot = self._trouble(world, row)
                yield Label((x, ALARM_LABEL_M, z), world.connector.names[row] or "connector", value,
                            lift=22.0, size="small", dot=dot, key=("connector", row))
        for row in self._zones:
            yield Label(tuple(self._layout.zone_xyz[row]), world.zone.names[row] or "", size="small",
                        lift=0.0, color=self._palette.quiet, key=("zone", row))
        yield from self._vehicle_labels(world, now_s, frame, named)
        for row in self._nearest:
            if ("connector", row) not in named:
                x, _, z = self._layout.connector_xyz[row]
                yield Label((x, 1.8, z), world.connector.names[row] or "", lift=12.0, size="small",
                            color=self._palette.quiet, alpha=0.85, key=("connector", row))

    def _hub(self, net_kw: float) -> Label:
        palette, top = self._palette, self._layout.hub_xyz + (0.0, HUB_HEIGHT * self._layout.hub_scale, 0.0)
        idle = abs(net_kw) <= IDLE_KW
        flow = "idle" if idle else "to grid" if net_kw < 0.0 else "from grid"
        over = self._power.limit_share() > EXCEEDED
        if over:
            flow += ", over its limit"
        color = None if idle else palette.to_grid if net_kw < 0.0 else palette.from_grid
        return Label(tuple(top), f"{signed(net_kw)} kW", flow, size="title", lift=10.0, color=color,
                     dot=palette.warning if over else None, key=("hub", 0))

    def _selected(self, world: World, now_s: float, selected) -> list[Label]:
        if selected is None or selected[0] == "hub":
            return []
        kind, row = selected
        if kind == "vehicle":
            if not self._vehicles.holds(row):
                return []
            return self._texts(world, now_s, np.array([row]), np.ones(1), fixed=True)
        center, half, _ = self._boxes.of(world, kind, np.array([row]))
        anchor = (center[0][0], center[0][1] + half[0][1] + 0.6, center[0][2])
        value, dot = "", None
        if kind == "connector" and row in self.alarms:
            value, dot = self._trouble(world, row)
        return [Label(anchor, world.tables[kind].names[row] or kind, value, lift=26.0, dot=dot,
                      key=(kind, row), fixed=True)]

    def _vehicle_labels(self, world: World, now_s: float, frame: Frame, named: set):
        rows = self._vehicles.near
        if not len(rows) or frame.eye[1] > VEHICLE_M:
            return []
        xz, _ = self._vehicles.place(rows)
        away = np.hypot(np.hypot(xz[:, 0] - frame.eye[0], xz[:, 1] - frame.eye[2]), frame.eye[1])
        close = np.flatnonzero(away < VEHICLE_M)
        pixels, deep = frame.pixels(np.stack([xz[close, 0], 0.0 * close, xz[close, 1]], axis=1))
        close = close[(deep > 0.0) & ((pixels > 0.0) & (pixels < frame.viewport)).all(axis=1)]
        close = close[np.argsort(away[close], kind="stable")[:NEAREST_VEHICLES]]
        close = close[[("vehicle", row) not in named for row in rows[close].tolist()]]
        alpha = np.clip(3.0 * (1.0 - away[close] / VEHICLE_M), 0.15, 0.9)
        return self._texts(world, now_s, rows[close], alpha)

    def _texts(self, world: World, now_s: float, rows: np.ndarray, alpha: np.ndarray,
               fixed: bool = False) -> list[Label]:
        """Name, SoC, signed power and money an hour of vehicles."""
        center, half, _ = self._boxes.of(world, "vehicle", rows)
        vehicle, hub, palette = world.vehicle, world.hub, self._palette
        soc = energy_at(vehicle, rows, now_s) / np.maximum(vehicle.capacity_kwh[rows], 1e-6)
        power = segment_ac_kw(world, rows, now_s)
        labels = []
        for k, row in enumerate(rows.tolist()):
            words, color, kw = f"{100.0 * min(max(soc[k], 0.0), 1.0):.0f} %", None, float(power[k])
            if self._vehicles.drives(row):
                self.on_its_way = True
                words += "  leaving" if vehicle.place[row] == Place.AWAY else "  arriving"
            elif vehicle.place[row] == Place.QUEUED:
                words += "  in the queue"
            elif abs(kw) > IDLE_KW:
                price = float(hub.price_buy[0]) if kw > 0.0 else float(hub.price_sell[0])
                words += f"  {signed(kw)} kW"
                if price:
                    words += f"  {'costs' if kw > 0.0 else 'earns'} {abs(kw) * price:,.2f} {self._currency}/h"
                color = palette.from_grid if kw > 0.0 else palette.to_grid
            x, y, z = center[k]
            labels.append(Label((x, y + half[k][1] + VEHICLE_LABEL_M, z),
                                vehicle.names[row] or "vehicle", words, lift=26.0 if fixed else 8.0,
                                size="body" if fixed else "small", alpha=float(alpha[k]),
                                dot=color, key=("vehicle", row), fixed=fixed))
        return labels

    def _trouble(self, world: World, row: int) -> tuple[str, Color]:
        """What is wrong with an abnormal connector, and the colour of it."""
        if world.connector.status[row] == Status.FAULTED:
            return "faulted", self._palette.fault
        return "out of service", self._palette.warning


def signed(kw: float) -> str:
    """A power with its sign, in groups of three digits."""
    return "0.0" if abs(kw) < 0.05 else f"{kw:+,.1f}".replace("-", "−").replace(",", " ")
