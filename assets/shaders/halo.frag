#include "hub.glsl"
in vec2 v_at;
flat in vec3 v_color;
flat in float v_beam;
out vec4 color;

const float ARROWS = 9.0;   // on the beam

void main() {
    float shine;
    if (v_beam < 0.5) {
        shine = max(1.0 - dot(v_at, v_at), 0.0);
        shine *= shine * shine;
    } else {
        float up = 0.5 - 0.5 * v_at.y;
        float across = 1.0 - v_at.x * v_at.x;
        shine = across * up * up;
        // Arrows up to the grid or down from it.
        float f = fract(-HUB_SIGN * v_at.y * 0.5 * ARROWS + abs(v_at.x) * 0.22 - REAL_S * 0.5);
        float arrow = f * f * f * f * min((1.0 - f) * 12.0, 1.0) * abs(HUB_SIGN);
        shine = shine * shine * 2.0 + arrow * up * up * min(across * 3.0, 1.0) * 1.7;
    }
    color = vec4(v_color * shine, 0.0);
}
