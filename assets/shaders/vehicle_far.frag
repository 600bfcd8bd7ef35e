#include "frame.glsl"
in vec3 v_offset;
in vec3 v_height;
flat in vec3 v_paint;
flat in vec4 v_accent;
flat in vec4 v_air;
out vec4 color;

void main() {
    vec3 n = normalize(cross(dFdx(v_offset), dFdy(v_offset)));
    if (dot(n, v_offset) > 0.0) n = -n;
    bool glass = v_height.x > 0.06 && v_height.y < 0.93 && n.y < 0.93;
    vec3 shown = lit(glass ? vec3(0.05, 0.06, 0.08) : v_paint, n, v_offset);
    if (v_height.y > 0.93) shown += v_accent.rgb * (v_accent.a * 0.5);
    color = vec4(shown * v_air.a + v_air.rgb, 1.0);
}
