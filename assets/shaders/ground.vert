#include "ring.glsl"
#include "footprint.glsl"
#include "layer.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;     // on a circle whose radius is a share of the grid's reach
out vec4 v_at;          // place and what a pixel covers, the latter inverse, in cells
out vec4 v_air;         // bare ground, and how much its grid shows
#ifdef SHADOWS
out vec4 v_place;       // and how much darker the shadow is
#endif

// A little below the slabs, which are drawn first and hide it: covered pixels are not shaded.
const float SUNK = 0.04;

void main() {
    vec2 offset = p3d_Vertex.xz * grid_end();
    vec3 at = vec3(offset.x + EYE.x, -SUNK, offset.y + EYE.z);
    vec4 air = bare_ground(offset);
    vec2 foot = footprint(at - EYE, vec2(1.0, 0.0), vec2(0.0, 1.0)) / CELL;
    v_at = vec4(at.xz / CELL, 1.0 / foot);
    v_air = vec4(air.rgb, 0.11 * air.a * max(1.0 - 1.4 * max(foot.x, foot.y), 0.0));
#ifdef SHADOWS
    v_place = vec4(at, air.a * (1.0 - ground_shade()));
#endif
    gl_Position = layered(p3d_ModelViewProjectionMatrix * vec4(at, 1.0), 0.0);
}
