#include "shadow.glsl"
in vec2 v_local;
flat in vec4 v_shape;
flat in vec4 v_color;
in vec4 v_air;
flat in vec3 v_flow;
#ifdef SHADOWS
in vec3 v_place;
flat in float v_shade;
#endif
out vec4 color;

void main() {
    vec2 footprint = max(abs(dFdx(v_local)) + abs(dFdy(v_local)), vec2(1e-4));
    float cover;
    if (v_shape.z > 0.0 || v_shape.w > 0.0) {
        vec2 q = abs(v_local) - v_shape.xy + v_shape.z;
        float away = length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - v_shape.z;
        float soft = max(v_shape.w, max(footprint.x, footprint.y));
        cover = clamp(0.5 - away / soft, 0.0, 1.0);
        if (v_shape.w > 0.0) cover *= cover * (3.0 - 2.0 * cover);
    } else {
        // A cable: exact box filter, so that one thinner than a pixel dims instead of breaking up.
        vec2 high = min(v_local + 0.5 * footprint, v_shape.xy);
        vec2 low = max(v_local - 0.5 * footprint, -v_shape.xy);
        vec2 share = clamp((high - low) / footprint, 0.0, 1.0);
        cover = share.x * share.y;
    }
    float alpha = cover * v_color.a;
    if (v_flow.x != 0.0) {
        // Arrows travel along a cable; where they would be too small, it shines evenly.
        float f = fract((v_flow.x * v_local.y + abs(v_local.x) * 1.2) * v_flow.y - v_flow.z);
        float even = clamp(footprint.y * v_flow.y * 4.0 - 0.5, 0.0, 1.0);
        alpha *= mix(0.45 + 0.55 * f * f * f, 0.6, even);
    }
    vec3 shown = v_color.rgb;
#ifdef SHADOWS
    shown *= mix(v_shade, 1.0, sunlit(v_place));
#endif
    color = vec4((shown * v_air.a + v_air.rgb) * alpha, alpha);
}
