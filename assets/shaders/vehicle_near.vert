#include "vehicle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform int u_first;
uniform int u_vertices;
in vec4 p3d_Vertex;
out vec3 v_normal;
out vec3 v_offset;
flat out vec3 v_albedo;
flat out vec3 v_shine;
flat out vec2 v_gloss;
flat out vec4 v_air;

void main() {
    int row = instance_row(gl_InstanceID);
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    Vehicle v = vehicle(row);
    int texel = u_first + (v.body * u_vertices + int(p3d_Vertex.x)) * 2;
    vec4 corner = texelFetch(u_shapes, texel);
    vec3 normal = texelFetch(u_shapes, texel + 1).xyz;
    vec3 at = v.xyz + outward(v, corner.xyz);
    v_normal = outward(v, normal);
    v_offset = at - EYE;
    vec2 away = v.xyz.xz - EYE.xz;
    float square = dot(away, away);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    v_air = vec4(horizon(away * inversesqrt(square + 1e-4)) * haze, 1.0 - haze);
    int material = int(corner.w);
    vec3 paint = shown_paint(v, PAINTS[int(hash(float(row)) * 7.999)], 1.0);
    vec3 glow = about_vehicles() ? paint * (0.10 + 0.14 * NIGHT) : vec3(0.0);
    v_shine = vec3(0.0);
    v_gloss = vec2(0.0, 0.0);
    if (material == 0) { v_albedo = paint; v_shine = glow; v_gloss = vec2(0.05, 0.42); }
    else if (material == 1) { v_albedo = vec3(0.035, 0.045, 0.06); v_gloss = vec2(0.10, 0.75); }
    else if (material == 2) { v_albedo = vec3(0.055, 0.06, 0.07); v_gloss = vec2(0.02, 0.12); }
    else if (material == 3) { v_albedo = vec3(0.035); }
    else if (material == 4) { v_albedo = vec3(0.42, 0.44, 0.47); v_gloss = vec2(0.06, 0.2); }
    else if (material == 5) {
        v_albedo = vec3(0.5); v_gloss = vec2(0.1, 0.4);
        v_shine = vec3(0.85, 0.92, 1.0) * NIGHT * 0.45;
    } else if (material == 6) {
        v_albedo = vec3(0.26, 0.03, 0.04); v_gloss = vec2(0.05, 0.4);
        v_shine = vec3(0.55, 0.05, 0.06) * NIGHT * 0.6;
    } else if (v.v2g) {
        v_albedo = paint * 0.35;
        v_shine = state_color(v) * strip(v);
    } else { v_albedo = paint * 0.8; v_shine = glow; v_gloss = vec2(0.05, 0.42); }
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
