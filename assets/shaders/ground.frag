#include "meadow.glsl"
in vec4 v_at;
in vec4 v_air;
#ifdef SHADOWS
in vec4 v_place;
#endif
out vec4 color;

const float LINE = 1.0 / 60.0;      // of a cell

// Lines of a grid that fades out before it could shimmer: what of a pixel a line covers.
void main() {
    vec2 away = abs(fract(v_at.xy + 0.5) - 0.5);
    vec2 cover = clamp((0.5 * LINE - away) * v_at.zw + 0.5, vec2(0.0), min(v_at.zw * LINE, 1.0));
    vec3 shown = v_air.rgb + AMBIENT_SKY * (v_air.a * max(cover.x, cover.y));
#ifdef SHADOWS
    shown = meadow(shown, v_place);
#endif
    color = vec4(shown, 1.0);
}
