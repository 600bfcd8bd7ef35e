// The path of a flow of particles: a faint line, never thinner than a pixel, dimmer instead.
#include "stream.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform float u_share;  // how many streams each line stands for
in vec4 p3d_Vertex;     // share along, side -1 or 1, 0
out vec4 v_light;       // premultiplied
out float v_side;

const float HALF_WIDE = 0.03;

void main() {
    int row = row_of(gl_InstanceID);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    Vehicle v;
    Stream s;
    if (!flows(row, v, s) || s.kind.x <= 0.0) return;
    float t = p3d_Vertex.x;
    vec3 at = point(s, t);
    vec3 offset = at - EYE;
    float pixel = PIXEL * length(offset) / s.wide;
    float seen = max(HALF_WIDE, pixel * 0.7), reach = seen * 1.5;
    v_side = p3d_Vertex.y;
    at += normalize(cross(tangent(s, t), offset)) * (v_side * reach * s.wide);
    float light = s.kind.x * (0.10 + 0.25 * s.power) * min(HALF_WIDE / seen * 1.3, 1.0)
        * STREAM_GAIN * clamp(t * 9.0, 0.0, 1.0) * clamp((1.0 - t) * 14.0, 0.3, 1.0) * u_share;
    v_light = vec4(v.ac_kw < 0.0 ? TO_GRID : FROM_GRID, light_cover(0.35)) * light;
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
