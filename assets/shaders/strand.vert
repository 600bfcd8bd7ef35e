// The beads of a dense train on one ribbon, for a rasteriser to which a corner is dear.
#include "bead.glsl"
out vec4 v_color;
out float v_slot;       // where beads are: whole numbers
out float v_pitch;      // from bead to bead as the eye sees it, in radii
out float v_side;       // across, in radii

void main() {
    int row = row_of(gl_InstanceID);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    Vehicle v;
    Stream s;
    if (!flows(row, v, s) || s.kind.x <= 0.0) return;
    float t = p3d_Vertex.x;
    vec3 at = point(s, t), offset = at - EYE, way = tangent(s, t);
    float far_away = length(offset), radius = bead_radius(s, far_away);
    vec3 across = cross(way, offset / far_away);
    float seen = max(length(across), 1e-6);
    v_slot = t * float(u_per_stream) - beads_run(s);
    v_pitch = 3.0 * seen / (float(u_per_stream) * radius);
    v_side = p3d_Vertex.y;
    v_color = shine(v, s, t, s.kind.x);
    at += across * (v_side * radius / seen);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
