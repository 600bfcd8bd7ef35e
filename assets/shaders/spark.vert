// Particles: darts that ride on the train, head first.
#include "stream.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform int u_per_stream;
uniform float u_fill;   // share of the slots that carry a particle in any case
in vec4 p3d_Vertex;
out vec3 v_at;          // from the head's middle: ahead in heads, behind in lengths of the tail; across
flat out vec4 v_color;
flat out float v_cover; // how much of what is behind it covers

void main() {
    int one = one_of_all(p3d_Vertex.z), row = row_of(one / u_per_stream);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    if (row < 0) return;
    Vehicle v = vehicle(row);
    if (v.connector < 0 || abs(v.ac_kw) <= 0.05) return;
    Stream s = stream(v);
    if (s.kind.x <= 0.0) return;
    // Slots n are where the train is whole: t metres = (n + run) slot. With fewer sprites than
    // slots every second, fourth, ... slot has one, and these are the ones that fill first.
    float first = ceil(-s.run);
    float stride = exp2(ceil(log2(max((s.metres / s.slot + 1.0) / float(u_per_stream), 1.0))));
    float n = (ceil(first / stride) + float(one % u_per_stream)) * stride;
    float t = (n + s.run) * s.slot / s.metres;
    if (t < 0.0 || t > 1.0) return;
    float glow = s.kind.x * shown(n, max(density(s), u_fill));
    if (glow <= 0.004) return;
    vec3 at = point(s, t);
    vec3 offset = at - EYE;
    float far_away = length(offset);
    vec3 way = tangent(s, t);
    float metres = length(way);         // a third of what the path has to the unit of t
    vec3 ahead = way * (s.toward / metres);
    vec3 aside = normalize(cross(ahead, offset));
    float half_wide = max((0.085 + 0.10 * s.power) * s.wide, PIXEL * far_away * 1.5);
    // No longer than to the next one: a dense train is of short drops.
    float gap = 3.0 * metres * stride * s.slot / s.metres;
    float half_long = max(min((0.55 + 0.75 * s.power) * s.wide, 0.75 * gap), half_wide * 2.4);
    // A triangle around the drop: its corners are (-1, 0) and (1, -+1), and its sides touch the head.
    float head = half_wide / half_long, middle = 1.0 - head;
    vec2 at_drop = vec2(p3d_Vertex.x, p3d_Vertex.y * inversesqrt(1.0 - head));
    v_at = vec3((at_drop.x - middle) / head, (middle - at_drop.x) / (1.0 + middle), at_drop.y);
    v_cover = mix(0.85, 0.2, NIGHT);
    float ends = clamp(t * 9.0, 0.0, 1.0) * clamp((1.0 - t) * 12.0, 0.0, 1.0);
    v_color = vec4(v.ac_kw < 0.0 ? TO_GRID : FROM_GRID, STREAM_GAIN * ends * glow * (0.55 + 0.45 * s.power));
    // The head's middle lies in its slot, the tail behind it.
    at += ahead * (at_drop.x * half_long - half_long + half_wide) + aside * (at_drop.y * half_wide);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
