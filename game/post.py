"""What happens to the picture between the scene and the window: render scale, samples, bloom, tone.

Bloom is made from light alone: the scene is drawn once more at a quarter of the size with sun, sky
and air turned off (`Frame.shine`), so that only what shines by itself is left, behind what hides it.
Where a tier asks for none of these the scene goes straight to the window. Names are drawn upon the
finished picture in any case, at the window's own resolution, and panels after them.
"""

from __future__ import annotations

from panda3d.core import (AntialiasAttrib, Camera, FrameBufferProperties, GraphicsOutput,
                          GraphicsPipe, LVecBase4f, NodePath, OrthographicLens, SamplerState, Texture,
                          WindowProperties)

from game.eye import WHOLE, Eye
from game.preflight import no_context
from game.quality import Quality
from game.scene import meshes, shaders
from game.scene.part import NAMES, SHINE

LIGHT_SHARE = 4
LEVELS = 3
SPREAD = (0.34, 0.30, 0.26)
BY_DAY = 0.45
SORT = -30
TEXEL_BYTES = 8


class Post:
    """Draws `scene` for an eye by a tier's means; call `fit` before each frame."""

    def __init__(self, eye: Eye, scene):
        self._eye, self._scene = eye, scene
        self._key: tuple | None = None
        self._made: list[GraphicsOutput] = []
        self._roots: list[NodePath] = []
        self._regions: list = []
        self._gather: NodePath | None = None
        self.passes = 0
        self.bytes = 0

    def fit(self, quality: Quality) -> None:
        """Use these means for the next frames; builds anew only what has changed."""
        size = self._eye.size
        scale, samples = quality.scale(size), quality.samples
        if self._eye.offscreen:
            # Who draws without a window has the time to draw larger and average, where it matters:
            # lines thinner than a pixel stay whole then.
            samples = 1
        key = size, scale, samples, quality.bloom
        if key != self._key:
            self._key = key
            self.clear()
            if scale != 1.0 or samples > 1 or quality.bloom:
                self._build(size, scale, samples, quality.bloom)
        if quality.bloom:
            frame = self._scene.frame
            frame.shine(LIGHT_SHARE)
            share = BY_DAY + (1.0 - BY_DAY) * frame.light.night
            self._gather.set_shader_input("u_spread", LVecBase4f(*(s * share for s in SPREAD), 0.0))

    def clear(self) -> None:
        """Give all buffers back: the scene goes straight to the window."""
        eye = self._eye
        for region in self._regions:
            eye.base.win.remove_display_region(region)
        for made in self._made:
            eye.base.graphicsEngine.remove_window(made)
        for root in self._roots:
            root.remove_node()
        self._made, self._roots, self._regions = [], [], []
        self.passes = self.bytes = 0
        eye.draw_scene(True)

    def rest(self) -> None:
        """Draw nothing until the next `fit`."""
        self.clear()
        self._key = None
        self._eye.draw_scene(False)

    def _build(self, size: tuple[int, int], scale: float, samples: int, bloom: bool) -> None:
        eye = self._eye
        eye.draw_scene(False)
        window = eye.base.win
        large = tuple(max(round(side * scale), 1) for side in size)
        picture = self._target("picture", large, SORT, samples, depth=True)
        self._see(self._made[-1], eye.camera)
        if samples > 1:
            eye.root.set_antialias(AntialiasAttrib.M_multisample)
        inputs, defines = {"u_picture": picture}, []
        if bloom:
            inputs["u_halo"] = self._light(size)
            defines.append("BLOOM")
        if large == tuple(size):
            defines.append("SAME_SIZE")
        self._cover(window, self._card("finish", tuple(defines), inputs), 1)
        names = eye.camera.attach_new_node(self._camera("names", NAMES))
        self._roots.append(names)
        region = window.make_display_region(*eye.area)
        region.set_sort(2)
        region.set_camera(names)
        self._regions.append(region)

    def _light(self, size: tuple[int, int]) -> Texture:
        """Targets and passes that spread what shines over its surroundings, and what comes of them."""
        eye, frame = self._eye, self._scene.frame
        node = self._camera("shine", SHINE)
        dark = NodePath("dark")
        dark.set_shader_input("u_frame", frame.dark, priority=1)
        node.set_initial_state(dark.get_state())
        camera = eye.camera.attach_new_node(node)
        self._roots.append(camera)
        side = [max(pixels // LIGHT_SHARE, 1) for pixels in size]
        shine = self._target("shine", side, SORT + 1, 1, depth=True)
        self._see(self._made[-1], camera)
        levels = []
        for level in range(LEVELS):
            side = [max(pixels // 2, 1) for pixels in side] if level else side
            source = levels[-1] if levels else shine
            levels.append(self._target(f"light {level}", side, SORT + 2 + level, 1))
            self._cover(self._made[-1], self._card("soften", (), {"u_picture": source}), 0)
        halo = self._target("halo", [max(pixels // LIGHT_SHARE, 1) for pixels in size],
                            SORT + 2 + LEVELS, 1)
        self._gather = self._card("gather", (), {"u_light": levels})
        self._cover(self._made[-1], self._gather, 0)
        return halo

    def _target(self, name: str, size, sort: int, samples: int, depth: bool = False) -> Texture:
        """A buffer of half-float colours, and the texture that it ends in."""
        base = self._eye.base
        form = FrameBufferProperties()
        form.set_float_color(True)
        form.set_rgba_bits(16, 16, 16, 16)
        if depth:
            form.set_depth_bits(24)
        if samples > 1:
            form.set_multisamples(samples)
        buffer = base.graphicsEngine.make_output(
            base.pipe, name, sort, form, WindowProperties.size(*size),
            GraphicsPipe.BF_refuse_window, base.win.get_gsg(), base.win)
        if buffer is None:
            raise no_context(self._eye.offscreen)
        buffer.set_clear_color_active(True)
        buffer.set_clear_color(LVecBase4f(0.0, 0.0, 0.0, 1.0))
        texture = Texture(name)
        texture.set_minfilter(SamplerState.FT_linear)
        texture.set_magfilter(SamplerState.FT_linear)
        texture.set_wrap_u(SamplerState.WM_clamp)
        texture.set_wrap_v(SamplerState.WM_clamp)
        buffer.add_render_texture(texture, GraphicsOutput.RTM_bind_or_copy)
        self._made.append(buffer)
        self.bytes += size[0] * size[1] * (TEXEL_BYTES + (4 if depth else 0)) * max(
            samples + 1 if samples > 1 else 1, 1)
        self.passes += 1
        return texture

    def _camera(self, name: str, mask) -> Camera:
        node = Camera(name, self._eye.lens)
        node.set_camera_mask(mask)
        return node

    @staticmethod
    def _see(buffer: GraphicsOutput, camera: NodePath) -> None:
        buffer.make_display_region().set_camera(camera)

    def _card(self, fragment: str, defines, inputs: dict) -> NodePath:
        card = NodePath(meshes.quad_node(fragment))
        card.set_shader(shaders.load("finish", fragment, defines=defines))
        card.set_depth_test(False)
        card.set_depth_write(False)
        card.set_two_sided(True)
        for name, value in inputs.items():
            if isinstance(value, list):
                for k, texture in enumerate(value):
                    card.set_shader_input(f"{name}{k}", texture)
            else:
                card.set_shader_input(name, value)
        return card

    def _cover(self, target: GraphicsOutput, card: NodePath, sort: int) -> None:
        """Draw a card over all of a target."""
        root = NodePath(f"{card.name} card")
        card.reparent_to(root)
        lens = OrthographicLens()
        lens.set_film_size(2.0, 2.0)
        lens.set_near_far(-1000.0, 1000.0)
        camera = root.attach_new_node(Camera(card.name, lens))
        window = self._eye.base.win
        region = target.make_display_region(*(self._eye.area if target == window else WHOLE))
        region.set_sort(sort)
        region.set_camera(camera)
        if target == window:
            self._regions.append(region)
        self._roots.append(root)
