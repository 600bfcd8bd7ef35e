#include "ribbon.glsl"

// A glass pipe: lit rims, a dim body, and pulses with an arrow's front and a fading tail.
vec2 tube() {
    float r = abs(v_off) / v_tube;
    if (r > 1.0) return vec2(0.0);
    float soft = clamp(v_pixel / v_tube * 2.0, 0.12, 1.0);
    float edge = 1.0 - smoothstep(1.0 - soft, 1.0, r);
    float rim = smoothstep(0.45, 0.9, r) * edge;
    // As much behind as it is aside makes an arrow of 45 degrees; this one is sharper.
    float bent = 2.6 * v_tube / (2.0 * SLOT_M) * inversesqrt(HUB_SCALE);
    float f = fract(v_train * 0.5 + r * bent);
    float pulse = f * f * f * min((1.0 - f) * 24.0, 1.0);
    float inside = 1.0 - smoothstep(0.70, 0.90, r);
    float core = pulse * mix(edge, inside, 1.0 - soft);
    return vec2((0.10 + 0.30 * rim) * edge + core * 0.80, core * f * f * f * 0.8);
}

void main() {
    color = shining(v_kind.y * tube());
}
