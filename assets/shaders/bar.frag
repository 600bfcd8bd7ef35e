#include "frame.glsl"
in vec2 v_at;
flat in vec4 v_fill;
flat in vec4 v_look;
out vec4 color;

void main() {
    vec3 shown = v_at.x < v_fill.a ? v_fill.rgb : vec3(0.05, 0.07, 0.12);
    // The tick is the charge wanted at departure.
    if (abs(v_at.x - v_look.x) < 0.022) shown = TEXT;
    float edge = max(abs(v_at.x) * 1.0, 0.0);
    float alpha = v_look.y * (v_at.x < v_fill.a ? 0.92 : 0.72) * step(edge, 1.0);
    color = vec4(shown * alpha, alpha);
}
