// Marks of bays on the ground: whether one is free, taken, reserved or closed. Two texels a
// connector: middle and heading of its bay, half its width and length.
#include "frame.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_bays;
uniform samplerBuffer u_states;
uniform samplerBuffer u_rows;
in vec4 p3d_Vertex;
out vec2 v_local;
flat out vec2 v_half;
flat out int v_kind;     // 0 free, 1 taken, 2 reserved, 3 closed
flat out vec4 v_color;

void main() {
    int row = int(texelFetch(u_rows, one_of_all(p3d_Vertex.z)).r);
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    vec4 place = texelFetch(u_bays, row * 2);
    vec2 size = texelFetch(u_bays, row * 2 + 1).xy;
    float status = texelFetch(u_states, row * 2).r;
    v_kind = status > 6.5 ? 3 : status > 5.5 ? 2 : status > 0.5 ? 1 : 0;
    // A closed bay is hatched as a whole; the others carry a small plate at their mouth.
    vec2 middle = vec2(0.0);
    v_half = size - vec2(0.25, 0.1);
    if (v_kind < 3) { v_half = vec2(0.62, 0.15); middle.y = size.y - 0.5; }
    v_local = p3d_Vertex.xy * v_half;
    vec3 at = vec3(place.x, 0.0, place.y) + turned(vec3(v_local.x + middle.x, 0.0, v_local.y + middle.y), place.z);
    v_color = v_kind == 3 ? vec4(status > 7.5 ? FAULT : WARNING, 0.34)
        : v_kind == 2 ? vec4(STANDBY, 0.75) : vec4(QUIET, v_kind == 1 ? 0.55 : 0.8);
    vec3 offset = at - EYE;
    float square = dot(offset.xz, offset.xz);
    v_color.a *= FOG_RANGE * FOG_RANGE / (square + FOG_RANGE * FOG_RANGE);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
