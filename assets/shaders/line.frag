#include "frame.glsl"
in float v_side;
in vec4 v_color;
in vec3 v_offset;
out vec4 color;

void main() {
    float alpha = v_color.a * (1.0 - v_side * v_side);
    color = vec4(through_air(v_color.rgb * AMBIENT_SKY, v_offset) * alpha, alpha);
}
