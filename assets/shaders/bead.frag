#include "glow.glsl"
flat in vec4 v_color;
out vec4 color;

void main() {
    vec2 at = gl_PointCoord * 2.0 - 1.0;
    color = glowing(v_color, bead(dot(at, at)));
}
