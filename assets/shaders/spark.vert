// Particles: darts that ride on the train, head first.
#include "particle.glsl"
#include "bundle.glsl"
flat out vec4 v_color;
out vec3 v_at;          // from the head's middle: ahead in heads, behind in lengths of the tail; across

void main() {
    int one = one_of_all(p3d_Vertex.z), row = row_of(one / u_per_stream);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    Vehicle v;
    Stream s;
    if (!flows(row, v, s) || s.kind.x <= 0.0) return;
    // Slots n are where the train is whole: t metres = (n + run) slot. With fewer sprites than
    // slots every second, fourth, ... slot has one, and these are the ones that fill first.
    float first = ceil(-s.run);
    float stride = exp2(ceil(log2(max((s.metres / s.slot + 1.0) / float(u_per_stream), 1.0))));
    float n = (ceil(first / stride) + float(one % u_per_stream)) * stride;
    float t = (n + s.run) * s.slot / s.metres;
    if (t < 0.0 || t > 1.0) return;
    float glow = s.kind.x * shown(n, density(s));
    if (glow <= 0.004) return;
    vec3 at = point(s, t);
    vec3 offset = at - EYE;
    float far_away = length(offset);
    vec3 way = tangent(s, t);
    vec3 ahead = normalize(way) * s.toward;
    vec3 aside = normalize(cross(ahead, offset));
    float radius = max(half_wide(s), PIXEL * far_away * 1.5);
    float half_long = max((0.55 + 0.75 * s.power) * s.wide, radius * 2.4);
    // A triangle around the drop: its corners are (-1, 0) and (1, -+1), and its sides touch the head.
    float head = radius / half_long, middle = 1.0 - head;
    vec2 at_drop = vec2(p3d_Vertex.x, p3d_Vertex.y * inversesqrt(1.0 - head));
    v_at = vec3((at_drop.x - middle) / head, (middle - at_drop.x) / (1.0 + middle), at_drop.y);
    v_color = shine(v, s, t, glow);
    // The head's middle lies in its slot, the tail behind it.
    at += ahead * (at_drop.x * half_long - half_long + radius) + aside * (at_drop.y * radius);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
