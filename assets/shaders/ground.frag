#include "frame.glsl"
#include "shadow.glsl"
#include "noise.glsl"
in vec2 v_at;
in vec4 v_air;
#ifdef SHADOWS
in vec3 v_place;
#endif
out vec4 color;

const float LINE = 1.0 / 60.0;

// Lines of a grid that fades out before it could shimmer (box filter, after Quilez).
void main() {
    vec2 footprint = abs(dFdx(v_at)) + abs(dFdy(v_at)) + 1e-4;
    vec2 a = v_at + 0.5 * footprint, b = v_at - 0.5 * footprint;
    vec2 cover = (floor(a) + min(fract(a) / LINE, 1.0) - floor(b) - min(fract(b) / LINE, 1.0))
        * LINE / footprint;
    float lines = max(cover.x, cover.y)
        * (v_air.a * max(1.0 - 1.4 * max(footprint.x, footprint.y), 0.0));
    vec3 shown = v_air.rgb + AMBIENT_SKY * (0.11 * lines);
#ifdef SHADOWS
    // Meadows of several shades, and rougher ones near the eye.
    float meadow = lumps(v_place.xz * 0.017) * 0.7 + lumps(v_place.xz * 0.19 + 7.0) * 0.3;
    shown += GROUND * (v_air.a * (0.9 * meadow - 0.42)) * vec3(0.92, 1.06, 0.96);
    shown -= GROUND * (v_air.a * (1.0 - ground_shade()) * (1.0 - sunlit(v_place)));
#endif
    color = vec4(shown, 1.0);
}
