#include "frame.glsl"
in vec2 v_at;
flat in vec4 v_color;
flat in float v_head;
out vec4 color;

void main() {
    // A drop: round in front, pointed behind.
    float behind = (1.0 - v_head - v_at.x) / (2.0 - v_head);
    float along = v_at.x > 1.0 - v_head ? (v_at.x - 1.0 + v_head) / v_head : 0.0;
    float wide = behind > 0.0 ? 1.0 - behind : 1.0;
    float r = length(vec2(along, v_at.y / max(wide, 0.02)));
    float shine = max(1.0 - r * r, 0.0);
    float fade = behind > 0.0 ? (1.0 - behind) * (1.0 - behind) : 1.0;
    float hot = max(1.0 - length(vec2((v_at.x - 1.0 + v_head) / v_head, v_at.y)), 0.0);
    float light = shine * fade * 1.1 * v_color.a;
    color = vec4(v_color.rgb * light + vec3(hot * hot * 0.9 * v_color.a), min(light * mix(0.85, 0.2, NIGHT), 1.0));
}
