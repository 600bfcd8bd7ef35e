// The heads of the comets: sprites that ride on the same train as the ribbon's tails.
#include "stream.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform int u_per_stream;
in vec4 p3d_Vertex;
out vec2 v_at;
flat out vec3 v_color;

void main() {
    int row = instance_row(gl_InstanceID / u_per_stream);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    if (row < 0) return;
    Vehicle v = vehicle(row);
    if (v.connector < 0 || abs(v.ac_kw) <= 0.05) return;
    Stream s = stream(v);
    // Heads are where the train is whole: t metres = (n + run) spacing.
    float first = ceil(-s.run);
    float heads = floor(s.metres / s.spacing) + 1.0;
    float stride = ceil(heads / float(u_per_stream));
    float n = (ceil(first / stride) + float(gl_InstanceID % u_per_stream)) * stride;
    float t = (n + s.run) * s.spacing / s.metres;
    if (t < 0.0 || t > 1.0) return;
    float glow = shown(n, s.power);
    vec3 at = point(s, t);
    float far_away = distance(at, EYE);
    float size = max((0.16 + 0.16 * s.power) * sqrt(HUB_SCALE), PIXEL * far_away * 1.3);
    float ends = clamp(t * 9.0, 0.0, 1.0) * clamp((1.0 - t) * 12.0, 0.0, 1.0);
    v_at = p3d_Vertex.xy;
    v_color = mix(v.ac_kw < 0.0 ? TO_GRID : FROM_GRID, vec3(1.0), 0.28)
        * (STREAM_GAIN * ends * glow * (0.45 + 0.55 * s.power));
    at += (RIGHT * p3d_Vertex.x + UP * p3d_Vertex.y) * size;
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
