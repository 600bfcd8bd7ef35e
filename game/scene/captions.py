"""What the labels of the moment say: the selected, the hub, what is wrong, zones, the nearest."""

from __future__ import annotations

import numpy as np

from entities.components import NONE, Place, Status
from entities.world import World
from game.look import Look, View
from game.palette import Palette
from game.scene.frame import Frame
from game.scene.labels import Label
from game.scene.layout import HUB_HEIGHT, Layout
from game.scene.power import IDLE_KW, Power, segment_ac_kw
from game.scene.readings import OF_VEHICLES
from game.scene.selection import Boxes
from game.scene.station_words import beside_name, trouble
from game.scene.stations import Stations
from game.scene.vehicles import Vehicles
from game.scene.zone_words import signed, zone_words
from sim.battery.segments import energy_at

EXCEEDED = 1.001
MOST_ALARMS, ALARM_LABEL_M, OFFLINE_LABEL_M = 12, 2.5, 1.8
PLATE_PX = 25.0  # what labels leave to plates below them
# The nearest few in the picture, by how far they are from the eye; they fade as far as they can be read.
NEAREST_CONNECTORS, CONNECTOR_M = 6, 26.0
VEHICLE_M = 48.0
FADE, LEAST, NEAR_ALPHA, FAINTEST = 5.0, 0.4, 0.9, 0.7
VEHICLE_LABEL_M, ROOF_LABEL_M = 1.05, 0.05     # above its roof: clear of its bar, and where it has none


class Captions:
    """Composes labels, what matters most first."""

    def __init__(self, layout: Layout, palette: Palette, power: Power,
                 stations: Stations, vehicles: Vehicles, boxes: Boxes, world: World, currency: str):
        self._layout, self._palette, self._power = layout, palette, power
        self._stations, self._vehicles, self._boxes = stations, vehicles, boxes
        self._currency = currency
        self._zones = np.unique(world.connector.zone[world.connector.alive]).tolist()
        self._nearest: list[int] = []
        self._alarms: tuple[int, ...] = ()
        self._offline: tuple[int, ...] = ()
        self.most = 0       # vehicles named at once
        self.on_its_way = False

    @property
    def troubles(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Connectors that are unavailable or faulted, worst first, and stations offline; rows."""
        return self._alarms, self._offline

    def upload(self, world: World) -> None:
        """Take what is wrong from the stations."""
        abnormal = self._stations.abnormal
        worst_first = np.argsort(-world.connector.status[abnormal], kind="stable")
        self._alarms = tuple(abnormal[worst_first][:MOST_ALARMS].tolist())
        self._offline = tuple(self._stations.offline[:MOST_ALARMS].tolist())

    def arrange(self, world: World, eye: np.ndarray) -> None:
        """Choose the few connectors close enough to be named, nearest first."""
        self._nearest = []
        if eye[1] <= CONNECTOR_M:
            rows = world.connector.rows()
            away = np.linalg.norm(self._layout.connector_xyz[rows] - eye, axis=1)
            rows, away = rows[away < CONNECTOR_M], away[away < CONNECTOR_M]
            self._nearest = rows[np.argsort(away, kind="stable")[:NEAREST_CONNECTORS]].tolist()

    def compose(self, world: World, now_s: float, selected, net_kw: float, frame: Frame,
                look: Look):
        """Labels of the moment. `on_its_way`: whether one of them follows a vehicle that drives."""
        self.on_its_way = False
        shown = self._selected(world, now_s, selected, look)
        yield from shown
        yield self._hub(net_kw)
        named = {label.key for label in shown}
        plates = look.view == View.OCPP
        for row in self._alarms:
            if ("connector", row) not in named:
                named.add(("connector", row))
                value, dot = trouble(world, row, self._palette)
                yield Label(self._over_post(row, ALARM_LABEL_M, plates),
                            world.connector.names[row] or "connector", value,
                            lift=PLATE_PX + 7.0 if plates else 22.0, size="small", dot=dot,
                            key=("connector", row))
        for row in self._offline:
            if ("station", row) not in named:
                x, _, z = self._layout.station_xyz[row]
                yield Label((x, OFFLINE_LABEL_M, z), world.station.names[row] or "station", "offline",
                            lift=2.0 * PLATE_PX, size="small", dot=self._palette.warning,
                            key=("station", row))
        words = zone_words(world, self._zones, now_s, look, self._currency)
        for row, text in zip(self._zones, words):
            yield Label(tuple(self._layout.zone_xyz[row]), world.zone.names[row] or "", text, size="small",
                        lift=0.0, color=self._palette.text if text else self._palette.quiet,
                        key=("zone", row))
        yield from self._vehicle_labels(world, now_s, frame, named, look)
        for row in self._nearest:
            if ("connector", row) not in named:
                yield Label(self._over_post(row, 1.8, plates), world.connector.names[row] or "",
                            beside_name(world, row, look.view, now_s), lift=PLATE_PX if plates else 12.0,
                            size="small", color=self._palette.quiet, alpha=0.85,
                            key=("connector", row))

    def _over_post(self, row: int, height_m: float, plates: bool) -> tuple[float, float, float]:
        """Where a connector's label is anchored: at its plate, or that high above the ground."""
        if plates:
            return self._stations.plate_xyz(row)
        x, _, z = self._layout.connector_xyz[row]
        return x, height_m, z

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

    def _selected(self, world: World, now_s: float, selected, look: Look) -> list[Label]:
        if selected is None or selected[0] == "hub":
            return []
        kind, row = selected
        if kind == "vehicle":
            if not self._vehicles.holds(row):
                return []
            return self._texts(world, now_s, np.array([row]), np.ones(1), look, fixed=True)
        center, half, _ = self._boxes.of(world, kind, np.array([row]))
        anchor = (center[0][0], center[0][1] + half[0][1] + 0.6, center[0][2])
        value, dot = "", None
        if kind == "connector" and row in self._alarms:
            value, dot = trouble(world, row, self._palette)
        elif kind == "connector":
            value = beside_name(world, row, look.view, now_s)
        elif kind == "station" and row in self._offline:
            value, dot = "offline", self._palette.warning
        return [Label(anchor, world.tables[kind].names[row] or kind, value, lift=26.0, dot=dot,
                      key=(kind, row), fixed=True)]

    def _vehicle_labels(self, world: World, now_s: float, frame: Frame, named: set, look: Look):
        rows = self._vehicles.near
        if not len(rows) or frame.eye[1] > VEHICLE_M:
            return []
        xz, _ = self._vehicles.place(rows)
        away = np.hypot(np.hypot(xz[:, 0] - frame.eye[0], xz[:, 1] - frame.eye[2]), frame.eye[1])
        close = np.flatnonzero(away < VEHICLE_M)
        pixels, deep = frame.pixels(np.stack([xz[close, 0], 0.0 * close, xz[close, 1]], axis=1))
        close = close[(deep > 0.0) & ((pixels > 0.0) & (pixels < frame.viewport)).all(axis=1)]
        close = close[np.argsort(away[close], kind="stable")[:self.most]]
        close = close[[("vehicle", row) not in named for row in rows[close].tolist()]]
        strength = FADE * (1.0 - away[close] / VEHICLE_M)
        close, alpha = close[strength >= LEAST], np.clip(strength[strength >= LEAST], FAINTEST, NEAR_ALPHA)
        return self._texts(world, now_s, rows[close], alpha, look)

    def _texts(self, world: World, now_s: float, rows: np.ndarray, alpha: np.ndarray, look: Look,
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
            barred = _barred(world, row, look)
            labels.append(Label((x, y + half[k][1] + (VEHICLE_LABEL_M if barred else ROOF_LABEL_M), z),
                                vehicle.names[row] or "vehicle", words,
                                lift=26.0 if fixed else 8.0 if barred else 18.0,
                                size="body" if fixed else "small", alpha=float(alpha[k]),
                                dot=color, key=("vehicle", row), fixed=fixed))
        return labels


def _barred(world: World, row: int, look: Look) -> bool:
    """Whether a vehicle has its bar in this look, as assets/shaders/bar.vert has it."""
    vehicle, connector = world.vehicle, world.connector
    at = int(vehicle.connector[row]) if vehicle.place[row] == Place.PLUGGED else NONE
    if at != NONE and connector.status[at] >= Status.UNAVAILABLE:
        return True
    if look.overlay:
        return look.overlay in OF_VEHICLES
    feeds = max(vehicle.ac_discharge_kw[row], vehicle.dc_discharge_kw[row]) > 0.0
    return look.view == View.INTEGRATED or bool(look.view == View.V2G and feeds)
