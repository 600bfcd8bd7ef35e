// The ground around the eye, in rings: a grid near, where it can be seen, and none beyond.
#include "frame.glsl"

const float CELL = 5.0;
const float FAR = 9000.0;

// From here on (m) a pixel is so deep that the grid has faded: depth of a pixel = away^2 PIXEL / height.
float grid_end() {
    return clamp(sqrt(0.7143 * CELL * max(EYE.y, 0.1) / PIXEL), 40.0, 0.5 * FAR);
}

// How much of the light comes through the air to a place at `offset` (xz) from the eye, and the colour
// of bare ground there.
vec4 bare_ground(vec2 offset) {
    float square = dot(offset, offset);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    return vec4(horizon(offset * inversesqrt(square + 1e-4)) * haze + GROUND * (1.0 - haze), 1.0 - haze);
}
