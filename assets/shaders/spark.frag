#include "shining.glsl"
in vec3 v_at;
flat in vec4 v_color;
out vec4 color;

void main() {
    // A drop: round in front, pointed behind, brightest in the head's middle.
    float across = v_at.z * v_at.z, ahead = max(v_at.x, 0.0), wide = 1.0 - max(v_at.y, 0.0);
    float hot = max(1.0 - v_at.x * v_at.x - across, 0.0);
    hot *= hot;
    color = shining(v_color, max(wide * wide - ahead * ahead - across, 0.0), hot * hot);
}
