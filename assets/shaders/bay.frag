in vec2 v_local;
flat in vec2 v_half;
flat in int v_kind;
flat in vec4 v_color;
out vec4 color;

void main() {
    vec2 foot = max(fwidth(v_local), vec2(1e-4));
    vec2 inside = (v_half - abs(v_local)) / foot;
    float cover = clamp(min(inside.x, inside.y), 0.0, 1.0);
    if (v_kind == 0) {
        // A frame: free.
        vec2 inner = (v_half - 0.07 - abs(v_local)) / foot;
        cover *= 1.0 - clamp(min(inner.x, inner.y), 0.0, 1.0);
    } else if (v_kind == 2) {
        // Two halves: kept for someone.
        cover *= clamp((abs(v_local.x) - 0.16) / foot.x, 0.0, 1.0);
    } else if (v_kind == 3) {
        float along = (v_local.x + v_local.y) / 1.3, step = max(foot.x + foot.y, 1e-3) / 1.3;
        float stripe = clamp((abs(fract(along) - 0.5) - 0.32) / step + 0.5, 0.0, 1.0);
        cover *= mix(stripe, 0.36, clamp(step * 2.0 - 0.5, 0.0, 1.0));
    }
    float alpha = cover * v_color.a;
    color = vec4(v_color.rgb * alpha, alpha);
}
