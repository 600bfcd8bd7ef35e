#include "stream.glsl"
in float v_off;
in float v_train;
in float v_along;
in float v_gain;
in float v_pixel;
flat in vec3 v_color;
flat in vec3 v_kind;
flat in float v_tube;
flat in float v_power;
flat in float v_row;
out vec4 color;

// All arcs strike anew together, so that nowhere anything flickers faster than this (Hz): three
// flashes a second is the limit of WCAG 2.2, 2.3.1.
const float STRIKES = 2.5;
const float KINK = 0.8;         // slots from kink to kink
const float FRONTS = 4.0;       // slots from front to front

// A line's light: full within `half_width`, never thinner than a pixel, dimmer instead.
float line(float away, float half_width) {
    float seen = max(half_width, v_pixel * 0.7);
    return smoothstep(seen * 1.5, seen * 0.5, abs(away)) * min(half_width / seen * 1.3, 1.0);
}

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

float kink(float k, float strike) {
    return hash(k * 1.7 + strike * 3.1 + v_row * 7.3) * 2.0 - 1.0;
}

// A bolt of straight pieces that stands between strikes, forked the way it runs; what travels is
// its brighter front.
vec2 arc() {
    float x = v_along / KINK, k = floor(x), f = x - k;
    float strike = floor(REAL_S * STRIKES);
    float reach = 0.22 + 0.50 * v_power;
    float y = mix(kink(k, strike), kink(k + 1.0, strike), f) * reach;
    y += (abs(fract(x * 3.0) - 0.5) - 0.25) * kink(k + 31.0, strike) * 0.35 * reach;
    float thick = 0.020 + 0.035 * v_power;
    float bolt = line(v_off - y, thick);
    float away = abs(v_off - y) / (0.16 + 0.14 * v_power);
    float glow = 1.0 / (1.0 + away * away * 6.0) - 0.14;
    float fork = 0.0;
    for (float back = 0.0; back < (TIER == 0 ? 1.0 : 2.0); back += 1.0) {
        float from = k - back;
        float chosen = kink(from + 57.0, strike);
        if (abs(chosen) < 0.35) continue;
        float run = (f + back) / 1.7;
        float leaves = kink(from, strike) * reach + sign(chosen) * run * reach * (0.9 + abs(chosen));
        fork = max(fork, line(v_off - leaves, thick * 0.6) * clamp(1.0 - run, 0.0, 1.0));
    }
    float p = fract(v_train / FRONTS);
    float front = 0.30 + 1.3 * p * p * min((1.0 - p) * 40.0, 1.0);
    // The front ends in an arrowhead.
    float behind = (1.0 - p) * FRONTS / 0.65;
    float head = behind < 1.0 ? line(v_off - y, behind * (0.11 + 0.14 * v_power)) : 0.0;
    float light = max(max(bolt, fork * 0.85), head);
    return vec2((light + max(glow, 0.0) * 0.55) * front, max(bolt * p * 0.8, head * 0.3) * front);
}

void main() {
    // x: in the flow's colour, y: white
    vec2 light = vec2(0.0);
    if (v_kind.x > 0.0) light.x += v_kind.x * line(v_off, 0.03) * (0.10 + 0.25 * v_power);
    if (v_kind.y > 0.0) light += v_kind.y * tube();
    if (v_kind.z > 0.0) light += v_kind.z * arc();
    light *= v_gain;
    // By day light alone is lost on bright ground: it covers more of what is behind.
    float cover = mix(0.85, 0.35, NIGHT);
    color = vec4(v_color * light.x + vec3(light.y * 0.75), min((light.x + light.y) * cover, 1.0));
}
