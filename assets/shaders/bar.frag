#include "frame.glsl"
in vec2 v_at;
flat in vec4 v_fill;
flat in vec4 v_state;
flat in vec4 v_sizes;
flat in vec4 v_more;
flat in ivec3 v_what;
out vec4 color;

const vec3 DARK = vec3(0.03, 0.045, 0.08);

// Signed distances, below 0 inside, in a square from -1 to 1.
float triangle_up(vec2 p) { return max(abs(p.x) * 0.87 + p.y * 0.5 - 0.45, -p.y - 0.75); }
float diamond(vec2 p) { return (abs(p.x) + abs(p.y) - 1.0) * 0.71; }
float box(vec2 p, vec2 half_size) { vec2 q = abs(p) - half_size; return max(q.x, q.y); }

// Charging points down into the vehicle, feeding up out of it, as in the panels.
float sign_of(int state, vec2 p) {
    if (state == 1) return triangle_up(vec2(p.x, -p.y));
    if (state == 2) return triangle_up(p);
    if (state == 3) return length(p) - 0.72;
    if (state == 4) return max(abs(p.x) - abs(p.y) * 0.8 - 0.08, abs(p.y) - 0.85) * 0.8;
    if (state == 5) return max(length(p) - 0.95, -box(p, vec2(0.6, 0.17)));
    if (state == 6) return max(diamond(p), -min(box(p - vec2(0.0, 0.15), vec2(0.11, 0.36)),
                                                box(p + vec2(0.0, 0.47), vec2(0.12, 0.12))));
    // Ready: could go either way.
    return max(diamond(p * 1.15), 0.12 - abs(p.y));
}

// NMC a hexagon, NCA a triangle, LFP a square.
float cell_of(int chemistry, vec2 p) {
    if (chemistry == 1) return max(abs(p.x) * 0.87 + abs(p.y) * 0.5, abs(p.y)) - 0.8;
    return chemistry == 2 ? triangle_up(p) : box(p, vec2(0.68));
}

void main() {
    float pixel = v_more.z, half_length = v_sizes.x, height = v_sizes.y;
    float x = v_at.x / half_length;
    // The bar, its notches at the steps, and the tick of what is wanted at departure.
    float away = box(v_at, v_sizes.xy);
    float cover = clamp(0.5 - away / pixel, 0.0, 1.0);
    bool filled = x < v_fill.a;
    vec3 shown = filled ? v_fill.rgb : DARK;
    float alpha = cover * (filled ? 0.95 : 0.75);
    vec3 notch = abs(vec3(x) - vec3(-0.6, 0.0, 0.6)) * half_length;
    if (filled && min(notch.x, min(notch.y, notch.z)) < 0.5 * max(pixel, 0.025))
        shown = mix(shown, DARK, 0.8);
    float tick = box(v_at - vec2(v_more.x * half_length, 0.0), vec2(max(0.018, pixel * 0.5), height + 0.07));
    float ticked = clamp(0.5 - tick / pixel, 0.0, 1.0);
    shown = mix(shown, TEXT, ticked);
    alpha = max(alpha, ticked);
    if (v_at.x < -half_length - 0.1 && v_sizes.z > 0.0) {
        float size = v_sizes.z;
        float d = sign_of(v_what.x, (v_at + vec2(half_length + 0.12 + size, 0.0)) / size) * size;
        // A dark rim keeps the sign apart from what is behind it.
        alpha = clamp(1.0 - d / pixel, 0.0, 1.0);
        shown = mix(DARK, v_state.rgb * v_state.a, clamp(0.5 - d / pixel, 0.0, 1.0));
    } else if (v_at.x > half_length + 0.1 && v_sizes.w > 0.0) {
        float size = v_sizes.w;
        float d = cell_of(v_what.z, (v_at - vec2(half_length + 0.12 + size, 0.0)) / size) * size;
        alpha = clamp(0.5 - d / pixel, 0.0, 1.0) * 0.9;
        bool worn = v_more.w > 0.0 && v_more.w < 0.8;
        shown = worn ? WARNING : OVERLAY == OVERLAY_HEALTH ? TEXT : QUIET;
    }
    alpha *= v_more.y;
    color = vec4(shown * alpha, alpha);
}
