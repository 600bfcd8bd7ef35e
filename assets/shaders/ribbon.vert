// A path of much power: a tube with pulses; with ARC a lightning arc.
#include "stream.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;     // share along, side -1 or 1, 0
out float v_off;        // from the path's middle, in widths of one unit
out float v_train;      // position in the train, in slots, growing with the flow
out float v_along;      // the same, but still
out float v_gain;
out float v_pixel;      // a pixel's size in units of v_off
flat out vec3 v_color;
flat out vec3 v_kind;
flat out float v_tube;  // half width of the tube, units
flat out float v_power;
flat out float v_row;

void main() {
    int row = row_of(gl_InstanceID);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    Vehicle v;
    Stream s;
    if (!flows(row, v, s)) return;
    float t = p3d_Vertex.x;
    vec3 at = point(s, t);
    vec3 offset = at - EYE;
    float far_away = length(offset);
    vec3 across = normalize(cross(tangent(s, t), offset));
    v_pixel = PIXEL * far_away / s.wide;
    v_tube = max(0.04 + 0.22 * s.power, 1.1 * v_pixel);
#ifdef ARC
    if (s.kind.z <= 0.0) return;
    float reach = 0.35 + 0.75 * s.power;
#else
    if (s.kind.y <= 0.0) return;
    float reach = v_tube;
#endif
    reach = max(reach, 1.1 * v_pixel);
    v_off = p3d_Vertex.y * reach;
    at += across * (v_off * s.wide);
    v_along = s.toward * t * s.metres / s.slot;
    v_train = v_along - s.toward * s.run;
    v_kind = s.kind;
    v_power = s.power;
    v_row = float(v.row);
    v_color = v.ac_kw < 0.0 ? TO_GRID : FROM_GRID;
    // Soft ends: out of the roof, into the core.
    v_gain = STREAM_GAIN * clamp(t * 9.0, 0.0, 1.0) * clamp((1.0 - t) * 14.0, 0.3, 1.0)
        * (VIEW == VIEW_V2G && !v.v2g ? 0.3 : 1.0);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
