#include "vehicle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform int u_first;
uniform int u_vertices;
in vec4 p3d_Vertex;
out vec3 v_offset;
out vec3 v_height;       // above the belt line, 1 on the roof, along the body
flat out vec3 v_paint;
flat out vec4 v_accent;
flat out vec4 v_air;     // what the air adds, and how much comes through it; one for the whole body

void main() {
    int row = instance_row(gl_InstanceID);
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    Vehicle v = vehicle(row);
    int texel = u_first + (v.body * u_vertices + int(p3d_Vertex.x)) * 2;
    vec4 corner = texelFetch(u_shapes, texel);
    vec3 at = v.xyz + outward(v, corner.xyz);
    v_offset = at - EYE;
    vec2 away = v.xyz.xz - EYE.xz;
    float square = dot(away, away);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    v_air = vec4(horizon(away * inversesqrt(square + 1e-4)) * haze, 1.0 - haze);
    v_height = vec3(corner.w, texelFetch(u_shapes, texel + 1).w, corner.z);
    v_paint = shown_paint(v, PAINTS[int(hash(float(row)) * 7.999)], 0.0);
    // From afar the roof of every vehicle tells its state; what is idle stays dark.
    v_accent = vec4(state_color(v), v.state == S_IDLE || about_vehicles() ? 0.06 : 0.8 * strip(v));
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
