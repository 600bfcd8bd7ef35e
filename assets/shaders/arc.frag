#include "ribbon.glsl"

// All arcs strike anew together, so that nowhere anything flickers faster than this (Hz): three
// flashes a second is the limit of WCAG 2.2, 2.3.1.
const float STRIKES = 2.5;
const float KINK = 0.8;         // slots from kink to kink
const float FRONTS = 4.0;       // slots from front to front

float kink(float k, uint seed) {
    return hash(seed + uint(int(k))) * 2.0 - 1.0;
}

// A bolt of straight pieces that stands between strikes, forked the way it runs; what travels is
// its brighter front.
vec2 arc() {
    float x = v_along / KINK, k = floor(x), f = x - k;
    uint seed = scrambled(scrambled(uint(REAL_S * STRIKES)) + uint(v_row));
    float reach = 0.22 + 0.50 * v_power;
    float y = mix(kink(k, seed), kink(k + 1.0, seed), f) * reach;
    y += (abs(fract(x * 3.0) - 0.5) - 0.25) * kink(k + 31.0, seed) * 0.35 * reach;
    float thick = 0.020 + 0.035 * v_power;
    float bolt = line(v_off - y, thick);
    float away = abs(v_off - y) / (0.16 + 0.14 * v_power);
    float glow = 1.0 / (1.0 + away * away * 6.0) - 0.14;
    float fork = 0.0;
    for (float back = 0.0; back < (TIER == 0 ? 1.0 : 2.0); back += 1.0) {
        float from = k - back;
        float chosen = kink(from + 57.0, seed);
        if (abs(chosen) < 0.35) continue;
        float run = (f + back) / 1.7;
        float leaves = kink(from, seed) * reach + sign(chosen) * run * reach * (0.9 + abs(chosen));
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
    color = shining(v_kind.z * arc());
}
