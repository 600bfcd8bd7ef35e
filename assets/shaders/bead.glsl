// A train so dense that a drop would be longer than the way to the next: of round beads, u_per_stream on
// every path.
#include "particle.glsl"

// How far the train has come, in beads.
float beads_run(Vehicle v, Stream s) {
    return fract((v.comets.x * REAL_S + v.comets.y) * float(u_per_stream) / s.metres + hash(uint(2 * v.row + 1)));
}

// It leaves room to the next, and is no smaller than an eye sees.
float bead_radius(Stream s, float far_away) {
    return max(min(half_wide(s), 0.4 * s.metres / float(u_per_stream)), PIXEL * far_away);
}
