// The price a kWh, and beside it one, two or three bars: low, middle or high among the tariff's own.
#include "hub.glsl"
uniform sampler2D u_price;
in vec2 v_at;
in vec3 v_offset;
flat in float v_far;
out vec4 color;

float box(vec2 at, vec2 low, vec2 high) {
    vec2 soft = max(fwidth(at), vec2(1e-4));
    vec2 inside = clamp((at - low) / soft + 0.5, 0.0, 1.0) * clamp((high - at) / soft + 0.5, 0.0, 1.0);
    return inside.x * inside.y;
}

void main() {
    int band = int(floor(RATE_BAND + 0.5));
    vec3 rate = band > 1 ? STANDBY : band == 1 ? TEXT : band == 0 ? mix(FROM_GRID, TEXT, 0.25) : QUIET;
    // Far away the number goes and its bars take the board.
    float narrow = mix(0.24, 0.88, v_far);
    vec3 shine = vec3(0.012, 0.016, 0.028);
    for (int k = 0; k < 3; k++) {
        float left = 0.06 + narrow * float(k) / 3.0;
        float bar = box(v_at, vec2(left, 0.16), vec2(left + narrow * 0.26, 0.36 + 0.24 * float(k)));
        shine += (k <= band ? rate : QUIET * 0.16) * bar;
    }
    float text = texture(u_price, vec2((v_at.x - 0.30) / 0.68, v_at.y)).r;
    if (v_at.x > 0.30) shine += rate * (text * (1.0 - v_far));
    color = vec4(through_air(shine, v_offset), 1.0);
}
