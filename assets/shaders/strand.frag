#include "glow.glsl"
in vec4 v_color;
in float v_slot;
in float v_pitch;
in float v_side;
out vec4 color;

void main() {
    float square = v_side * v_side, ahead = abs(fract(v_slot + 0.5) - 0.5);
    float near = ahead * v_pitch, next = v_pitch - near;
    vec2 apart = bead(square + near * near) + bead(square + next * next);
    // Closer than a radius they are even; the integrals of both along the way.
    float left = max(1.0 - square, 0.0), most = left * left;
    vec2 even = vec2(1.333 * left, 0.813 * most * most) * sqrt(left) / v_pitch;
    color = glowing(v_color, mix(even, apart, smoothstep(1.0, 1.4, v_pitch)));
}
