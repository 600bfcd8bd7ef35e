// The monument. data.x: 0 still, 1 core, 2 load ring (data.y: segment 0..1), 3 and 4 gimbals,
// 5 seams of light. Local metres around the hub, scaled with the site.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
out vec3 v_color;

const float CORE_Y = 8.4;

mat3 about(vec3 axis, float angle) {
    float s = sin(angle), c = cos(angle);
    vec3 k = axis * (1.0 - c);
    return mat3(k * axis.x + vec3(c, s * axis.z, -s * axis.y),
                k * axis.y + vec3(-s * axis.z, c, s * axis.x),
                k * axis.z + vec3(s * axis.y, -s * axis.x, c));
}

void main() {
    int role = int(data.x + 0.5);
    vec3 local = p3d_Vertex.xyz, normal = p3d_Normal;
    vec3 center = vec3(0.0, CORE_Y, 0.0);
    mat3 turn = mat3(1.0);
    if (role == 1) turn = about(vec3(0.0, 1.0, 0.0), REAL_S * 0.35);
    if (role == 3) turn = about(vec3(0.0, 1.0, 0.0), REAL_S * 0.22) * about(vec3(1.0, 0.0, 0.0), 1.05);
    if (role == 4) turn = about(vec3(0.0, 1.0, 0.0), -REAL_S * 0.16 + 1.1) * about(vec3(0.0, 0.0, 1.0), 1.18);
    // A load close to the limit stands out by its shape: the last segments grow when they light up.
    if (role == 2 && data.y > 0.899 && data.y < HUB_LOAD) local.y = CORE_Y + (local.y - CORE_Y) * 2.6;
    local = center + turn * (local - center);
    normal = turn * normal;
    vec3 at = HUB_XYZ + local * HUB_SCALE;
    vec3 offset = at - EYE;
    vec3 energy = HUB_COLOR * HUB_ACTIVE;
    vec3 shine = tint.rgb * tint.a;
    if (role == 1) {
        float facing = max(-dot(normal, normalize(offset)), 0.0);
        shine = mix(energy * 0.55, mix(HUB_COLOR, vec3(1.0), 0.22) * HUB_ACTIVE, facing * facing) * 0.9;
    }
    if (role == 2) {
        float share = data.y;
        vec3 over = WARNING * (0.65 + 0.35 * sin(REAL_S * 6.2832));
        shine = share >= HUB_LOAD ? QUIET * 0.10
            : HUB_STRESS > 0.5 && share > 0.899 ? over : HUB_COLOR * 0.9;
    }
    if (role == 3 || role == 4) shine = tint.a > 0.0 ? energy * 0.75 : vec3(0.0);
    if (role == 5) shine = energy * tint.a;
    v_color = shaded(tint.rgb * (1.0 - tint.a), normal, shine, offset);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
