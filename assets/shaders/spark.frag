#include "glow.glsl"
in vec3 v_at;
flat in vec4 v_color;
out vec4 color;

void main() {
    // A drop: round in front, pointed behind, brightest in the head's middle.
    float across = v_at.z * v_at.z, ahead = max(v_at.x, 0.0), wide = 1.0 - max(v_at.y, 0.0);
    color = glowing(v_color, vec2(max(wide * wide - ahead * ahead - across, 0.0), bead(v_at.x * v_at.x + across).y));
}
