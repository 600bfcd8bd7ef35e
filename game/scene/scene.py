"""The scene: all parts under one root, driven by the columns and two clocks.

A part is drawn once, whatever the size of the fleet. Columns go up when `version` says that they
changed; between uploads the shaders evaluate the segments at the frame's sim time.
"""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
from panda3d.core import NodePath

from entities.world import World
from game.look import Look
from game.palette import PALETTES
from game.scene.bays import Bays
from game.scene.captions import EXCEEDED, Captions
from game.scene.frame import Frame
from game.scene.ground import Ground
from game.scene.hub import Hub
from game.scene.labels import Labels
from game.scene.layout import Layout
from game.scene.power import IDLE_KW, Power
from game.scene.selection import Boxes, Selection
from game.scene.stations import Stations
from game.scene.streams import Streams
from game.scene.surroundings import Surroundings
from game.scene.vehicles import Vehicles
from game.signs import Signs

NEAR = {"fast": (160, 160), "fine": (1200, 1200)}
EPOCH_STEP_S = 1800.0
REARRANGE_SHARE = 0.04
LABELS_PER_S = 4.0
FULL_GLOW_KW = 1000.0


class Scene:
    """Builds all nodes under `root`; `destroy` takes them away again.

    quality `fast` keeps full bodies for the nearest 160 vehicles and 160 posts, `fine` for the
    nearest 1,200 of each. `viewport` (width, height) in pixels is the size that lines and text
    are made for; set it when the picture is not rendered straight into the window.
    """

    def __init__(self, root: NodePath, scenario, world: World, palette: str = "standard",
                 quality: str = "fast"):
        self._root = root.attach_new_node("scene")
        self.palette = PALETTES[palette]
        self.layout = Layout(scenario.site.layout, world)
        self.viewport: tuple[int, int] | None = None
        self.frame = Frame(self._root, self.layout, self.palette)
        near_vehicles, near_posts = NEAR[quality]
        self._ground = Ground(self._root, self.layout, self.palette)
        self._surroundings = Surroundings(self._root, self.layout)
        self._hub = Hub(self._root)
        self._stations = Stations(self._root, self.layout, near_posts)
        self._bays = Bays(self._root, self.layout, self._stations)
        self._vehicles = Vehicles(self._root, self.layout, self._stations.post_places, near_vehicles)
        self._stations.follow(self._vehicles)
        self._streams = Streams(self._root, self.layout, self._vehicles)
        self._selection = Selection(self._root)
        self._labels = Labels(self._root, self.palette)
        self._boxes = Boxes(self.layout, self._vehicles)
        self._power = Power()
        self._captions = Captions(self.layout, self.palette, self._power, self._stations,
                                  self._vehicles, self._boxes, world, getattr(scenario, "currency", ""))
        self._groups = (self._ground, self._surroundings, self._hub, self._stations, self._bays,
                        self._vehicles, self._streams, self._selection, self._labels)
        self._version: int | None = None
        self._arranged_from = np.full(3, np.inf)
        self._label_key: tuple | None = None
        self._uploads = 0
        self.uploads_last_frame = 0

    def update(self, world: World, now_s: float, version: int, real_s: float, camera: NodePath,
               selected: tuple[str, int] | None, start: datetime, look: Look = Look(),
               signs: Signs = Signs()) -> None:
        """Prepare one frame.

        world: the columns; version: changes whenever a column did. now_s: sim time (s since
        `start`) at which segments are evaluated; real_s: seconds that animation runs on.
        camera: where it is seen from; selected: (kind of KINDS, row) or None; look: what is
        shown, and how; signs: what the hub tells that no column holds.
        """
        viewport = self.viewport or self._window_size()
        frame = self.frame
        frame.look(self._root, camera, viewport)
        frame.show(look)
        self._vehicles.now_s = now_s
        self._streams.show(look)
        fresh = version != self._version
        if fresh:
            self._version = version
            frame.epoch_s = now_s - now_s % EPOCH_STEP_S
            self._stations.upload(world, now_s, frame.epoch_s)
            self._vehicles.upload(world, now_s, frame.epoch_s, real_s)
            self._streams.upload(world)
            self._power.upload(world, self._vehicles.active)
            self._ground.upload(self._power.trench_kw(world, self._vehicles.active, now_s,
                                                      self.layout))
            self._captions.upload(world)
        self._arrange(world, fresh)
        frame.clock(now_s, real_s, start)
        net = self._power.net_kw(now_s)
        load = self._power.limit_share()
        color = self.palette.to_grid if net < 0.0 else self.palette.from_grid
        frame.hub(color, min(load, 1.0), load > EXCEEDED, _glow(net), self._streams.gain)
        self._hub.show_price(signs.price, signs.unit)
        stress = _stress(world, load)
        frame.signs(stress, self._hub.pulse.turns(stress, real_s), signs.renewable, signs.band,
                    self._power.headroom(), net if abs(net) > IDLE_KW else 0.0)
        self._select(world, selected)
        self._label(world, now_s, real_s, selected, net, look)
        uploads = sum(b.uploads for group in self._groups for b in group.buffers)
        self.uploads_last_frame, self._uploads = uploads - self._uploads, uploads

    def pick_boxes(self, world: World):
        """What can be picked, as it stood at the last update: kinds (n,) as indices into
        selection.KINDS, rows (n,), centres (n, 3), half extents (n, 3), headings (n,) degrees."""
        return self._boxes.all(world)

    def label_anchors(self) -> list[tuple[str, tuple[float, float, float]]]:
        """Text and place of every label that is drawn."""
        return [(label.title, tuple(map(float, label.anchor))) for label in self._labels.shown]

    @property
    def net_kw(self) -> float:
        """Power at the grid connection as of the last update, AC, positive from the grid."""
        return self._power.last_kw

    @property
    def draw_calls(self) -> int:
        return sum(len(group.parts) for group in self._groups)

    @property
    def instances(self) -> int:
        return sum(part.instances for group in self._groups for part in group.parts)

    @property
    def gpu_bytes(self) -> int:
        """Buffer textures, vertices, indices and the glyph atlas."""
        return (sum(b.bytes for group in self._groups for b in group.buffers)
                + sum(part.bytes for group in self._groups for part in group.parts)
                + self._labels.atlas_bytes)

    def destroy(self) -> None:
        self._root.remove_node()

    def _arrange(self, world: World, fresh: bool) -> None:
        """Choose what is near anew when columns changed or the eye moved enough to matter."""
        eye = self.frame.eye
        moved = math.dist(eye, self._arranged_from)
        elsewhere = not moved < REARRANGE_SHARE * (20.0 + abs(eye[1]))
        if elsewhere:
            self._arranged_from = eye.copy()
        if elsewhere or fresh and self._vehicles.rearranged:
            self._vehicles.arrange(self._arranged_from)
        if elsewhere or fresh and self._stations.rearranged:
            self._stations.arrange(self._arranged_from, self.frame.pixel)
            self._bays.arrange()
            self._captions.arrange(world, self.frame.eye)

    def _select(self, world: World, selected: tuple[str, int] | None) -> None:
        if selected is None or selected[0] == "vehicle" and not self._vehicles.holds(selected[1]):
            self._selection.show(None)
            return
        center, half, heading = self._boxes.of(world, selected[0], np.array([selected[1]]))
        self._selection.show((center[0], half[0], heading[0]))

    def _label(self, world, now_s, real_s, selected, net, look) -> None:
        key = (int(real_s * LABELS_PER_S), selected, self.frame.viewport, self._captions.troubles, look,
               real_s if self._captions.on_its_way else None)
        if key != self._label_key:
            self._label_key = key
            self._labels.show(tuple(self._captions.compose(world, now_s, selected, net, self.frame,
                                                           look.view)), self.frame)

    def _window_size(self) -> tuple[int, int]:
        from direct.showbase import ShowBaseGlobal
        window = ShowBaseGlobal.base.win
        return window.get_x_size(), window.get_y_size()


def _stress(world: World, load: float) -> float:
    """The grid's stress index 0..1; where nothing tells it, the share of the limit in use."""
    known = world.hub.stress[world.hub.rows()[:1]]
    stress = float(known[0]) if len(known) else math.nan
    return min(load if math.isnan(stress) else stress, 1.0)


def _glow(net_kw: float) -> float:
    """How brightly the hub shines, 0 when idle, to 1."""
    if abs(net_kw) <= IDLE_KW:
        return 0.0
    return 0.3 + 0.7 * min(math.log1p(abs(net_kw)) / math.log1p(FULL_GLOW_KW), 1.0)
