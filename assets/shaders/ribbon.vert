// The faint path with comet tails on it: a still picture shows which way energy goes.
#include "stream.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;     // share along, side -1 or 1, 0
out float v_side;
out float v_train;      // position in the train of comets
flat out vec3 v_color;
out float v_gain;
out float v_thin;
flat out float v_toward;
flat out float v_power;

void main() {
    int row = instance_row(gl_InstanceID);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    if (row < 0) return;
    Vehicle v = vehicle(row);
    if (v.connector < 0 || abs(v.ac_kw) <= 0.05) return;
    Stream s = stream(v);
    float t = p3d_Vertex.x;
    vec3 at = point(s, t);
    vec3 offset = at - EYE;
    float far_away = length(offset);
    vec3 across = normalize(cross(tangent(s, t), offset));
    float wide = (0.05 + 0.07 * s.power) * sqrt(HUB_SCALE);
    float least = PIXEL * far_away * 0.75;
    v_thin = min(wide / least, 1.0);
    at += across * (p3d_Vertex.y * max(wide, least));
    v_side = p3d_Vertex.y;
    v_train = s.toward * (t * s.metres / s.spacing - s.run);
    v_toward = s.toward;
    v_power = s.power;
    v_color = v.ac_kw < 0.0 ? TO_GRID : FROM_GRID;
    // Soft ends: out of the roof, into the core.
    v_gain = STREAM_GAIN * clamp(t * 9.0, 0.0, 1.0) * (0.45 + 0.55 * s.power);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
