#include "frame.glsl"
in vec3 v_normal;
in vec3 v_offset;
in vec3 v_albedo;
in vec3 v_shine;
out vec4 color;

void main() {
    color = vec4(through_air(lit(v_albedo, normalize(v_normal), v_offset) + v_shine, v_offset), 1.0);
}
