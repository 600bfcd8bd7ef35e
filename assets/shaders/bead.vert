// Particles of a dense train: round beads, a point each, as a drop would be longer than the way to the next.
#include "bead.glsl"
flat out vec4 v_color;

void main() {
    int one = one_of_all(p3d_Vertex.z), row = row_of(one / u_per_stream);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    if (row < 0) return;
    Vehicle v = vehicle(row);
    if (v.connector < 0 || abs(v.ac_kw) <= 0.05) return;
    Stream s = stream(v);
    if (s.kind.x <= 0.0) return;
    float run = beads_run(v, s), t = (ceil(-run) + float(one % u_per_stream) + run) / float(u_per_stream);
    vec3 at = point(s, t);
    float far_away = distance(at, EYE);
    v_color = shine(v, s, t, s.kind.x);
    gl_PointSize = 2.0 * bead_radius(s, far_away) / (PIXEL * far_away);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
