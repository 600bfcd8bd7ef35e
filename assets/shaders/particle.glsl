// What drops and beads have in common: vertex shaders.
#include "stream.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform int u_per_stream;
in vec4 p3d_Vertex;

float half_wide(Stream s) {
    return (0.085 + 0.10 * s.power) * s.wide;
}

// The colour of a particle that glows so much, at t of its way, and its light, which fades at both ends.
vec4 shine(Vehicle v, Stream s, float t, float glow) {
    float ends = clamp(t * 9.0, 0.0, 1.0) * clamp((1.0 - t) * 12.0, 0.0, 1.0);
    return vec4(v.ac_kw < 0.0 ? TO_GRID : FROM_GRID, STREAM_GAIN * ends * glow * (0.55 + 0.45 * s.power));
}
