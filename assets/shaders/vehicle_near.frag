#include "frame.glsl"
#include "shadow.glsl"
in vec3 v_normal;
in vec3 v_offset;
flat in vec3 v_albedo;
flat in vec3 v_shine;
flat in vec2 v_gloss;
flat in vec4 v_air;
out vec4 color;

void main() {
    vec3 n = normalize(v_normal);
    vec3 look = normalize(v_offset);
    float facing = min(dot(n, look), 0.0);
    float edge = 1.0 + facing;
    edge *= edge * edge;
    float key = dot(n, KEY_DIRECTION);
    vec3 ambient = mix(AMBIENT_GROUND, AMBIENT_SKY, n.y * 0.5 + 0.5);
    vec3 direct = KEY;
#ifdef SHADOWS
    direct *= sunlit(v_offset + EYE, n);
#endif
    vec3 body = v_albedo * (ambient + direct * max(key, 0.0)) + AMBIENT_SKY * (edge * (0.22 + 0.16 * NIGHT));
    // The surroundings in the paint: ground below, horizon, sky above, the key's highlight.
    float up = look.y - 2.0 * facing * n.y;
    vec3 sky = mix(HORIZON * 1.5, ZENITH * 1.3 + AMBIENT_SKY * 0.28, clamp(up * 1.6, 0.0, 1.0));
    vec3 mirror = mix(GROUND, sky, clamp(up * 6.0 + 0.5, 0.0, 1.0));
    float spark = max(dot(look, KEY_DIRECTION) - 2.0 * facing * key, 0.0);
    spark *= spark; spark *= spark; spark *= spark; spark *= spark;
    vec3 shown = mix(body, mirror, mix(v_gloss.x, v_gloss.y, edge))
        + direct * (spark * v_gloss.x * 2.0) + v_shine;
    color = vec4(shown * v_air.a + v_air.rgb, 1.0);
}
