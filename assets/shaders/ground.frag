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
    vec2 away = abs(fract(v_at.xy) - 0.5);   // from a cell's middle
    vec2 cover = min((away - (0.5 - 0.5 * LINE)) * v_at.zw + 0.5, v_at.zw * LINE);
    vec3 shown = v_air.rgb + AMBIENT_SKY * (v_air.a * clamp(max(cover.x, cover.y), 0.0, 1.0));
#ifdef SHADOWS
    shown = meadow(shown, v_place);
#endif
    color = vec4(shown, 1.0);
}
