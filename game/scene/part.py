"""A part kind: one GeomNode, one shader, one draw call, any number of instances."""

from __future__ import annotations

from panda3d.core import (BitMask32, ColorBlendAttrib, Geom, GeomNode, NodePath, OmniBoundingVolume,
                          ShaderAttrib, TexGenAttrib, TextureStage, TransparencyAttrib)

from game.scene import shaders

# Draw order within the scene. Sky, ground and what is flat upon it by painter's order, without depth,
# which would cost more than the pixels that it saves; then solids, then everything that shines through.
SKY, GROUND, FLAT, SOLID, GLOW, LABEL = range(6)

# What a camera takes: the picture, only what shines in it, only what throws shadows, only names.
PICTURE, SHINE, SHADOW, NAMES = (BitMask32.bit(k) for k in range(1, 5))
_TAKEN = {GROUND: PICTURE, FLAT: PICTURE | SHINE, SOLID: PICTURE | SHINE | SHADOW, SKY: PICTURE,
          GLOW: PICTURE | SHINE, LABEL: NAMES}

_PREMULTIPLIED = ColorBlendAttrib.make(ColorBlendAttrib.M_add, ColorBlendAttrib.O_one,
                                       ColorBlendAttrib.O_one_minus_incoming_alpha)


class Part:
    """`order` is the place in the draw order; within it parts draw as they were made. `bundle`: how many
    copies of the shape the node holds, for vertex shaders that ask bundle.glsl."""

    def __init__(self, parent: NodePath, node: GeomNode, vertex: str, fragment: str,
                 order: int = SOLID, two_sided: bool = False, bundle: int = 1):
        node.set_bounds(OmniBoundingVolume())
        node.set_final(True)
        self.path = parent.attach_new_node(node)
        self._shaders = vertex, fragment
        self.path.set_shader(shaders.load(vertex, fragment))
        self.path.hide((PICTURE | SHINE | SHADOW | NAMES) & ~_TAKEN[order])
        self.casts = order == SOLID
        self.path.set_two_sided(two_sided)
        if node.get_geom(0).get_primitive_type() == Geom.PT_points:
            # As large as the vertex shader says, with a place in each for the fragment shader.
            self.path.set_attrib(self.path.get_attrib(ShaderAttrib).set_flag(ShaderAttrib.F_shader_point_size, True))
            self.path.set_tex_gen(TextureStage.get_default(), TexGenAttrib.M_point_sprite)
        self.path.set_bin("fixed", order * 100 + parent.get_num_children())
        if order != SOLID:
            self.path.set_depth_write(False)
        if order in (FLAT, GLOW, LABEL):
            self.path.set_transparency(TransparencyAttrib.M_none)
            self.path.set_attrib(_PREMULTIPLIED)
        if order not in (SOLID, GLOW):
            self.path.set_depth_test(False)
        self.instances = self.bundle = bundle
        self.path.set_shader_input("u_bundle", bundle)

    def inputs(self, **values) -> Part:
        """Bind shader inputs; returns self."""
        for name, value in values.items():
            self.path.set_shader_input(name, value)
        return self

    def set_instances(self, count: int) -> None:
        """Draw so many. The last of a bundle may be too many: they read what is behind the last."""
        if count != self.instances:
            self.instances = count
            self.path.set_instance_count(-(-count // self.bundle))

    def follow(self, rows, times: int = 1) -> None:
        """So many instances for each entry of a RowList; no draw at all where it is empty."""
        self.set_instances(len(rows) * times)
        if rows.empty != self.path.is_stashed():
            (self.path.stash if rows.empty else self.path.unstash)()

    def receive_shadows(self, on: bool) -> None:
        """Draw with the shadow map, if these shaders know of it."""
        if shaders.shadowed(*self._shaders):
            self.path.set_shader(shaders.load(*self._shaders, ("SHADOWS",) if on else ()))

    @property
    def bytes(self) -> int:
        """Vertex and index bytes."""
        geom = self.path.node().get_geom(0)
        return geom.get_vertex_data().get_num_bytes() + sum(
            geom.get_primitive(k).get_num_bytes()
            for k in range(geom.get_num_primitives()))
