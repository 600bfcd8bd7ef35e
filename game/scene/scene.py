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
from game.look import Look, Tier
from game.palette import PALETTES
from game.quality import QUALITY, Quality
from game.scene import price_board
from game.scene.bays import Bays
from game.scene.captions import EXCEEDED, Captions
from game.scene.cutout import Cutout
from game.scene.frame import Frame
from game.scene.ground import Ground
from game.scene.hub import Hub
from game.scene.labels import Labels
from game.scene.layout import Layout
from game.scene.power import IDLE_KW, Power
from game.scene.readings import Readings
from game.scene.renewables import Renewables
from game.scene.selection import Boxes, Selection, box_corners
from game.scene.shadows import Shadows
from game.scene.sight import MARGIN_M, Sight
from game.scene.stations import Stations
from game.scene.streams import Streams
from game.scene.surroundings import Surroundings
from game.scene.vehicles import Vehicles
from game.signs import Signs

EPOCH_STEP_S = 1800.0
REARRANGE_SHARE = 0.04
LABELS_PER_S = 4.0
UPLOADS_PER_S = 10.0
FULL_GLOW_KW = 1000.0
PRICE_PX = 24.0         # high, from which on a price board can be read
FULL_BAR_KW = 22.0      # at the highest price they fill a bar of money


class Scene:
    """Builds all nodes under `root`; `destroy` takes them away again.

    `viewport` (width, height) in pixels is the size that lines and text
    are made for; set it when the picture is not rendered straight into the window.
    """

    def __init__(self, root: NodePath, scenario, world: World, palette: str = "standard",
                 weather=None):
        self._root = root.attach_new_node("scene")
        self.palette = PALETTES[palette]
        self.layout = Layout(scenario.site.layout, world)
        self.viewport: tuple[int, int] | None = None
        self.covered: tuple[tuple[float, float, float, float], ...] = ()
        self.frame = Frame(self._root, self.layout, self.palette, weather)
        self._tier: Tier | None = None
        self._quality: Quality = QUALITY[Tier.LOW]
        self._shadows: Shadows | None = None
        self._ground = Ground(self._root, self.layout, self.palette)
        self._surroundings = Surroundings(self._root, self.layout)
        self._renewables = Renewables(self._root, self.layout, world, scenario.site)
        self._hub = Hub(self._root)
        self._stations = Stations(self._root, self.layout, self._quality)
        self._bays = Bays(self._root, self.layout, self._stations)
        self._vehicles = Vehicles(self._root, self.layout, self._stations.post_places, self._quality)
        self._stations.follow(self._vehicles)
        self._streams = Streams(self._root, self.layout, self._vehicles)
        self._readings = Readings(self._root, self._vehicles, self._stations)
        self._selection = Selection(self._root)
        self._labels = Labels(self._root, self.palette)
        self._boxes = Boxes(self.layout, self._vehicles)
        self._power = Power()
        self._captions = Captions(self.layout, self.palette, self._power, self._stations,
                                  self._vehicles, self._boxes, world, getattr(scenario, "currency", ""))
        self._groups = (self._ground, self._surroundings, self._renewables, self._hub,
                        self._stations, self._bays, self._vehicles, self._streams, self._readings,
                        self._selection, self._labels)
        self._version: int | None = None
        self._sight: Sight | None = None
        self._label_key: tuple | None = None
        self._uploads, self._uploaded_s = 0, 0.0
        self.uploads_last_frame = 0

    def update(self, world: World, now_s: float, version: int, real_s: float, camera: NodePath,
               selected: tuple[str, int] | None, start: datetime, look: Look = Look(),
               signs: Signs = Signs(), at_once: bool = True) -> None:
        """Prepare one frame.

        world: the columns; version: changes whenever a column did. now_s: sim time (s since
        `start`) at which segments are evaluated; real_s: seconds that animation runs on.
        camera: where it is seen from; selected: (kind of KINDS, row) or None; look: what is
        shown, and how; signs: what the hub tells that no column holds. Unless `at_once`, changed
        columns may wait until UPLOADS_PER_S allows: until then shaders go on with the segments
        that they have.
        """
        viewport = self.viewport or self._window_size()
        frame = self.frame
        frame.look(self._root, camera, viewport)
        frame.show(look)
        if look.tier != self._tier:
            self._afford(look.tier)
        self._vehicles.now_s = now_s
        self._streams.show(look)
        self._stations.show(look)
        fresh = version != self._version and (
            at_once or not 0.0 <= real_s - self._uploaded_s < 1.0 / UPLOADS_PER_S)
        if fresh:
            self._version, self._uploaded_s = version, real_s
            frame.epoch_s = now_s - now_s % EPOCH_STEP_S
            self._stations.upload(world, now_s, frame.epoch_s)
            self._vehicles.upload(world, now_s, frame.epoch_s, real_s)
            self._streams.upload(world)
            self._renewables.upload(world)
            self._power.upload(world, self._vehicles.active)
            self._ground.upload(self._power.trench_kw(world, self._vehicles.active, now_s,
                                                      self.layout))
            self._captions.upload(world)
        self._arrange(world, fresh)
        self._readings.show(look)
        frame.clock(now_s, real_s, start)
        if self._shadows is not None:
            self._shadows.follow(frame.eye, frame.axes[2], frame.light.key_direction)
        net = self._power.net_kw(now_s)
        load = self._power.limit_share()
        color = self.palette.to_grid if net < 0.0 else self.palette.from_grid
        frame.hub(color, min(load, 1.0), load > EXCEEDED, _glow(net),
                  min(self._streams.gain * look.flow_weight, 1.0))
        frame.prices(*_prices(world), signs.high * FULL_BAR_KW or 1.0)
        self._hub.show_price(signs.price, signs.unit)
        stress = _stress(world, load)
        frame.signs(stress, self._hub.pulse.turns(stress, real_s), signs.renewable, signs.band,
                    self._power.headroom(), net if abs(net) > IDLE_KW else 0.0)
        self._select(world, selected)
        self._label(world, now_s, real_s, selected, net, look)
        uploads = sum(b.uploads for group in self._groups for b in group.buffers)
        self.uploads_last_frame, self._uploads = uploads - self._uploads, uploads

    def forget(self, weather=None) -> None:
        """What is shown next is another moment or another branch, under its own `weather`: nothing drives on
        from before."""
        self.frame.be_under(weather)
        self._version = self._sight = self._label_key = None
        self._vehicles.forget()

    def relabel(self) -> None:
        """Compose labels anew at the next update, as of a camera that went elsewhere at once."""
        self._label_key = None

    def pick_boxes(self, world: World):
        """What can be picked, as it stood at the last update: kinds (n,) as indices into
        selection.KINDS, rows (n,), centres (n, 3), half extents (n, 3), headings (n,) degrees."""
        return self._boxes.all(world)

    def place_of(self, world: World, kind: str, row: int) -> tuple[float, float, float]:
        """Where the middle of a row of one kind of KINDS stood at the last update, (x, y, z) m; of a vehicle that
        none has had yet, the site's middle."""
        if kind == "vehicle" and row >= len(self._vehicles.xz):
            return 0.0, 0.0, 0.0
        return tuple(self._boxes.of(world, kind, np.array([row]))[0][0].tolist())

    def pixel_of(self, world: World, kind: str, row: int) -> tuple[float, float] | None:
        """Where that is in the picture, pixels from its upper left corner; None where it is not in it."""
        if not self.holds(kind, row):
            return None
        at, deep = self.frame.pixels(np.array([self.place_of(world, kind, row)]))
        (x, y), (width, height) = at[0].tolist(), self.frame.viewport
        return (x, height - y) if deep[0] > 0.0 and 0.0 <= x <= width and 0.0 <= y <= height else None

    def holds(self, kind: str, row: int) -> bool:
        """Whether a row of one kind of KINDS is there to be seen, as of the last update."""
        return kind != "vehicle" or self._vehicles.holds(row)

    def name_things(self, on: bool) -> None:
        """Whether names and figures stand at things."""
        for part in self._labels.parts:
            (part.path.show if on else part.path.hide)()

    def cut_out(self) -> Cutout:
        """Leave sky, land, road and town out from now on."""
        self._ground.leave_road()
        return Cutout(self._root, [*self._ground.land, *self._surroundings.parts])

    def show(self) -> None:
        """Draw it."""
        self._root.show()

    def hide(self) -> None:
        """Keep it, but do not draw it."""
        self._root.hide()

    def label_anchors(self) -> list[tuple[str, tuple[float, float, float]]]:
        """Text and place of every label that is drawn."""
        return [(label.title, tuple(map(float, label.anchor))) for label in self._labels.shown]

    @property
    def net_kw(self) -> float:
        """Power at the grid connection as of the last update, AC, positive from the grid."""
        return self._power.last_kw

    def crowd(self, particles: int, strung: bool) -> None:
        """Let each flow carry so many particles, each by itself or all of a flow `strung`: for benchmarks."""
        self._streams.crowd(particles, strung)

    def bare(self) -> None:
        """Leave out all but the ground, the site's bodies and the particles of their flows: what stands around,
        soft light and shadows, names. For benchmarks."""
        for part in (*self._ground.soft, *self._surroundings.parts, *self._hub.soft, *self._vehicles.soft,
                     *self._streams.soft, *self._labels.parts):
            part.path.hide()

    @property
    def flowing(self) -> int:
        """Vehicles with power as of the last upload."""
        return len(self._vehicles.active)

    @property
    def vehicles_drawn(self) -> tuple[int, int, int]:
        """Vehicles here with their full body, with a simple one, and out of sight."""
        near, far, present = self._vehicles.counts
        return near, far, present - near - far

    @property
    def names(self) -> int:
        """Labels that are shown."""
        return len(self._labels.shown)

    @property
    def particles(self) -> int:
        """How many particles a flow can have."""
        return self._streams.per_stream

    @property
    def draw_calls(self) -> int:
        """Of the picture, and of the shadow map where there is one; at most, as parts without anything
        to show are not drawn."""
        parts = [part for group in self._groups for part in group.parts]
        return len(parts) + (sum(part.casts for part in parts) if self._shadows else 0)

    @property
    def instances(self) -> int:
        return sum(part.instances for group in self._groups for part in group.parts)

    @property
    def gpu_bytes(self) -> int:
        """Buffer textures, vertices, indices, glyph atlas, noise and shadow map."""
        return (sum(b.bytes for group in self._groups for b in group.buffers)
                + sum(part.bytes for group in self._groups for part in group.parts)
                + self._labels.atlas_bytes + self._ground.noise_bytes
                + (self._shadows.bytes if self._shadows else 0))

    def destroy(self) -> None:
        if self._shadows is not None:
            self._shadows.close()
        self._root.remove_node()

    def _afford(self, tier: Tier) -> None:
        """Go over to what another tier can afford."""
        before, self._tier, self._quality = self._quality, tier, QUALITY[tier]
        quality = self._quality
        self._vehicles.quality = self._stations.quality = quality
        self._captions.most = quality.labels
        self._sight = None
        if quality.shadow_texels != before.shadow_texels:
            if self._shadows is not None:
                self._shadows.close()
                self._shadows = None
            if quality.shadow_texels:
                self._shadows = Shadows(_engine(), self._root, quality.shadow_texels,
                                        self.layout.radius)
            for group in self._groups:
                for part in group.parts:
                    part.receive_shadows(self._shadows is not None)

    def _arrange(self, world: World, fresh: bool) -> None:
        """Choose what is near anew when columns changed or the eye moved enough to matter."""
        frame = self.frame
        view = frame.eye, frame.axes, frame.viewport, frame.pixel
        elsewhere = self._sight is None or not self._sight.still_holds(
            *view, min(REARRANGE_SHARE * (20.0 + abs(frame.eye[1])), MARGIN_M / 2.0))
        if elsewhere:
            self._sight = Sight(*view)
        if elsewhere or fresh and self._vehicles.rearranged:
            self._vehicles.arrange(self._sight)
        if elsewhere or self._stations.rearranged:
            self._stations.arrange(self._sight)
            self._bays.arrange()
            self._captions.arrange(world, frame.eye)

    def _select(self, world: World, selected: tuple[str, int] | None) -> None:
        if selected is None or selected[0] == "vehicle" and not self._vehicles.holds(selected[1]):
            self._selection.show(None)
            return
        center, half, heading = self._boxes.of(world, selected[0], np.array([selected[1]]))
        self._selection.show((center[0], half[0], heading[0]))

    def _label(self, world, now_s, real_s, selected, net, look) -> None:
        key = (int(real_s * LABELS_PER_S), selected, self.frame.viewport, self.covered, self._captions.troubles, look,
               real_s if self._captions.on_its_way else None)
        if key != self._label_key:
            self._label_key = key
            self._labels.show(tuple(self._captions.compose(world, now_s, selected, net, self.frame,
                                                           look)), self.frame, self.covered,
                              self._kept_free(world, selected))

    def _kept_free(self, world: World, selected: tuple[str, int] | None) -> tuple:
        """Where no label but the selected one's own may lie: on the price, where it can be read, and on the bracket
        around the selection; left, bottom, right, top in pixels."""
        marked = [(price_board.corners(self.layout.hub_xyz, self.layout.hub_scale), PRICE_PX)]
        if selected is not None and selected[0] != "hub" and self.holds(*selected):
            center, half, heading = (values[0] for values in self._boxes.of(world, selected[0], np.array([selected[1]])))
            marked.append((box_corners(center, half, float(heading)), 0.0))
        return tuple(rect for corners, least_px in marked
                     if (rect := self.frame.rect(corners)) is not None and rect[3] - rect[1] >= least_px)

    def _window_size(self) -> tuple[int, int]:
        window = _engine().win
        return window.get_x_size(), window.get_y_size()


def _engine():
    from direct.showbase import ShowBaseGlobal
    return ShowBaseGlobal.base


def _prices(world: World) -> tuple[float, float]:
    """What a kWh costs and what one fed brings now; 0 without a hub."""
    rows = world.hub.rows()[:1].tolist()
    return (world.hub.price_buy.item(rows[0]), world.hub.price_sell.item(rows[0])) if rows else (0.0, 0.0)


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
