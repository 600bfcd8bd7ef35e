#include "frame.glsl"
in vec2 v_local;
in float v_air;
flat in vec2 v_half;
flat in vec2 v_sweep;
flat in vec4 v_glow;
out vec4 color;

float outside(vec2 at) {
    vec2 q = abs(at) - v_half + 0.3;
    return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - 0.3;
}

void main() {
    float here = outside(v_local);
    float share = clamp(dot(v_local, v_sweep) / max(dot(v_sweep, v_sweep), 1e-3), 0.0, 1.0);
    float thrown = clamp(0.5 - outside(v_local - v_sweep * share) * 2.0, 0.0, 1.0) * (0.5 - 0.3 * NIGHT);
    float contact = clamp(1.0 - here * 1.6, 0.0, 1.0);
#ifdef SHADOWS
    thrown = 0.0;
#endif
    float dark = max(thrown, contact * contact * 0.62);
    float halo = clamp(1.0 - here, 0.0, 1.0);
    color = vec4(v_glow.rgb * (halo * halo * v_glow.a), dark) * v_air;
}
