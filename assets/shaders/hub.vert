// The monument. data.x: 0 still, 1 core, 2 load ring (data.y: segment 0..1), 3 and 4 gimbals,
// 5 seams of light, 6 and 7 pillars of the room to draw and to feed (data.y: share of the height),
// 8 renewable ring (data.y: place on it 0..1). Local metres around the hub, scaled with the site.
#include "hub.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
flat out vec3 v_color;

const float RING = 6.45;                // middle of the load ring
const float PILLAR_M = 6.4;             // a pillar's height at full room
const float CROWN_Y = 12.3, CROWN = 2.75;

mat3 about(vec3 axis, float angle) {
    float s = sin(angle), c = cos(angle);
    vec3 k = axis * (1.0 - c);
    return mat3(k * axis.x + vec3(c, s * axis.z, -s * axis.y),
                k * axis.y + vec3(-s * axis.z, c, s * axis.x),
                k * axis.z + vec3(s * axis.y, -s * axis.x, c));
}

// A hoop's cross-section made `by` times as large, around radius `middle` and height `y`.
vec3 thicker(vec3 at, float middle, float y, vec2 by) {
    float radius = length(at.xz);
    at.xz *= (middle + (radius - middle) * by.x) / radius;
    at.y = y + (at.y - y) * by.y;
    return at;
}

void main() {
    int role = int(data.x + 0.5);
    vec3 local = p3d_Vertex.xyz, normal = p3d_Normal;
    vec3 center = vec3(0.0, CORE_Y, 0.0);
    mat3 turn = mat3(1.0);
    vec3 energy = HUB_COLOR * HUB_ACTIVE;
    vec3 shine = tint.rgb * tint.a;
    float pixel = hub_pixel();
    // Far away the fine hoops go and what tells something becomes as thick as it must.
    float far_away = smoothstep(0.12, 0.3, pixel);
    if (role == 1) {
        turn = about(vec3(0.0, 1.0, 0.0), REAL_S * 0.35);
        local = center + (local - center) * (1.0 + 0.12 * alarm() * swing() + 0.35 * far_away);
    }
    if (role == 3) turn = about(vec3(0.0, 1.0, 0.0), REAL_S * 0.22) * about(vec3(1.0, 0.0, 0.0), 1.05);
    if (role == 4) turn = about(vec3(0.0, 1.0, 0.0), -REAL_S * 0.16 + 1.1) * about(vec3(0.0, 0.0, 1.0), 1.18);
    if (role == 3 || role == 4) local = mix(local, center, step(0.999, far_away));
    if (role == 2) {
        // Lit segments grow as they come close to the limit: shape says it as colour does.
        bool lit = data.y < HUB_LOAD;
        float tall = !lit ? 1.0 : data.y > 0.899 ? 2.6 : data.y > 0.699 ? 1.7 : 1.0;
        float grown = clamp(1.6 * pixel / 0.2, 1.0, 5.0);
        local = thicker(local, RING, CORE_Y, vec2(grown, tall * grown));
        shine = lit ? graded(data.y, HUB_COLOR) * (data.y > 0.699 ? 1.0 : 0.9) : QUIET * 0.10;
        // Above the limit: a person is needed, once a second.
        if (lit && HUB_OVER > 0.5 && data.y > 0.899) shine = FAULT * (0.65 + 0.35 * sin(REAL_S * 6.2832));
    }
    if (role == 6 || role == 7) {
        float room = role == 6 ? HEADROOM.x : HEADROOM.y;
        local.y += data.y * PILLAR_M * room;
        vec2 axis = data.zw;
        local.xz = axis + (local.xz - axis) * clamp(1.4 * pixel / 0.42, 1.0, 2.2);
        shine = graded(1.0 - room, role == 6 ? FROM_GRID : TO_GRID) * tint.a;
    }
    if (role == 8) {
        bool lit = data.y < RENEWABLE_SHARE;
        float grown = clamp(1.3 * pixel / 0.13, 1.0, 5.0) * (lit ? 1.0 : 0.45);
        local = thicker(local, CROWN, CROWN_Y, vec2(grown));
        center = vec3(0.0, CROWN_Y, 0.0);
        turn = about(vec3(1.0, 0.0, 0.0), -0.16) * about(vec3(0.0, 1.0, 0.0), REAL_S * 0.25);
        shine = lit ? RENEWABLE * 0.85 : QUIET * 0.12;
    }
    local = center + turn * (local - center);
    normal = turn * normal;
    vec3 at = HUB_XYZ + local * HUB_SCALE;
    vec3 offset = at - EYE;
    if (role == 1) {
        float facing = max(-dot(normal, normalize(offset)), 0.0);
        vec3 glow = pulsing(energy);
        shine = mix(glow * 0.55, mix(glow, vec3(1.0), 0.22 * HUB_ACTIVE), facing * facing) * 0.9;
    }
    if (role == 3 || role == 4) shine = tint.a > 0.0 ? energy * 0.75 : vec3(0.0);
    if (role == 5) shine = energy * tint.a;
    v_color = shaded(tint.rgb * (1.0 - tint.a), normal, shine, offset);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
    if (role == 8 && RENEWABLE_SHARE < 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
