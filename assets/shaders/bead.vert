// Particles of a dense train: round beads, a point each, as a drop would be longer than the way to the next.
#include "bead.glsl"
#include "bundle.glsl"
flat out vec4 v_color;

void main() {
    int one = one_of_all(p3d_Vertex.z), row = row_of(one / u_per_stream);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    Vehicle v;
    Stream s;
    if (!flows(row, v, s) || s.kind.x <= 0.0) return;
    float t = (float(one % u_per_stream) + beads_run(s)) / float(u_per_stream);
    vec3 at = point(s, t);
    float far_away = distance(at, EYE);
    v_color = shine(v, s, t, s.kind.x);
    gl_PointSize = 2.0 * bead_radius(s, far_away) / (PIXEL * far_away);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
