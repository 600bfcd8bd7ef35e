// A train so dense that a drop would be longer than the way to the next: of round beads, u_per_stream on
// every path.
#include "particle.glsl"

// How far the train has come, in beads, 0..1: a whole number of beads for each slot, so that it does not jump
// where the slots begin anew.
float beads_run(Stream s) {
    return fract(s.run * max(round(s.slot * float(u_per_stream) / s.metres), 1.0));
}

// It leaves room to the next, and is no smaller than an eye sees.
float bead_radius(Stream s, float far_away) {
    return max(min(half_wide(s), 0.4 * s.metres / float(u_per_stream)), PIXEL * far_away);
}
