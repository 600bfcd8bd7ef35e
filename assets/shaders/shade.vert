// Under each vehicle: its shadow, and the light of its energy on the ground.
#include "vehicle.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec2 v_local;
out float v_air;
flat out vec2 v_half;
flat out vec2 v_sweep;
flat out vec4 v_glow;

void main() {
    int row = row_of(one_of_all(p3d_Vertex.z));
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    Vehicle v = vehicle(row);
    v_half = v.half_size.xz - vec2(0.12, 0.12);
    // The key throws the body's box along the ground; low light is kept short and faint.
    Vehicle back = v;
    back.facing.x = -v.facing.x;
    vec3 key = outward(back, KEY_DIRECTION);
    v_sweep = -key.xz / max(key.y, 0.35) * v.half_size.y * 0.6;
    vec2 reach = v_half + 1.0;
    vec2 low = min(-reach, v_sweep - reach), high = max(reach, v_sweep + reach);
    v_local = mix(low, high, p3d_Vertex.xy * 0.5 + 0.5);
    vec3 at = v.xyz + outward(v, vec3(v_local.x, 0.0, v_local.y));
    float glow = v.state == S_FAULTED ? 0.7 * attention() : v.state == S_BLOCKED ? 0.3
        : v.idle > 0.5 ? 0.10 : strength(v.ac_kw) * 0.75;
    v_glow = vec4(state_color(v), glow);
    vec3 offset = at - EYE;
    float square = dot(offset.xz, offset.xz);
    v_air = FOG_RANGE * FOG_RANGE / (square + FOG_RANGE * FOG_RANGE);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
