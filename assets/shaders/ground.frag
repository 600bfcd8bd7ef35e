#include "frame.glsl"
in vec2 v_at;
out vec4 color;

const float CELL = 5.0;
const float LINE = 1.0 / 60.0;

// Share of a pixel's footprint that grid lines cover (box filter, after Quilez).
float grid(vec2 at, vec2 footprint) {
    vec2 a = at + 0.5 * footprint, b = at - 0.5 * footprint;
    vec2 cover = (floor(a) + min(fract(a) / LINE, 1.0) - floor(b) - min(fract(b) / LINE, 1.0))
        * LINE / footprint;
    return 1.0 - (1.0 - cover.x) * (1.0 - cover.y);
}

void main() {
    vec2 away = v_at - EYE.xz;
    float square = dot(away, away);
    vec2 footprint = (abs(dFdx(v_at)) + abs(dFdy(v_at))) / CELL + 1e-4;
    float lines = grid(v_at / CELL, footprint) * (1.0 - min(max(footprint.x, footprint.y) * 1.4, 1.0));
    vec2 from_hub = v_at - HUB_XYZ.xz;
    float near_hub = 1.0 / (1.0 + dot(from_hub, from_hub) / (500.0 * HUB_SCALE * HUB_SCALE));
    vec3 ground = GROUND + (AMBIENT_SKY * 0.10) * lines;
    ground += HUB_COLOR * (near_hub * near_hub * 0.10 * HUB_ACTIVE);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    color = vec4(mix(ground, horizon(away * inversesqrt(square + 1e-4)), haze), 1.0);
}
