// How paint, glass and lights look in the frame's light: at pixels of near bodies, at corners of others.
#include "frame.glsl"

// `direct` is the key light that gets there; gloss: how much the surroundings mirror, in front and at
// the edge.
vec3 painted(vec3 n, vec3 look, vec3 albedo, vec3 shine, vec2 gloss, vec3 direct) {
    float facing = min(dot(n, look), 0.0);
    float edge = 1.0 + facing;
    edge *= edge * edge;
    float key = dot(n, KEY_DIRECTION);
    vec3 ambient = mix(AMBIENT_GROUND, AMBIENT_SKY, n.y * 0.5 + 0.5);
    vec3 body = albedo * (ambient + direct * max(key, 0.0)) + AMBIENT_SKY * (edge * (0.22 + 0.16 * NIGHT));
    // The surroundings in the paint: ground below, horizon, sky above, the key's highlight.
    float up = look.y - 2.0 * facing * n.y;
    vec3 sky = mix(HORIZON * 1.5, ZENITH * 1.3 + AMBIENT_SKY * 0.28, clamp(up * 1.6, 0.0, 1.0));
    vec3 mirror = mix(GROUND, sky, clamp(up * 6.0 + 0.5, 0.0, 1.0));
    float spark = max(dot(look, KEY_DIRECTION) - 2.0 * facing * key, 0.0);
    spark *= spark; spark *= spark; spark *= spark; spark *= spark;
    return mix(body, mirror, mix(gloss.x, gloss.y, edge)) + direct * (spark * gloss.x * 2.0) + shine;
}
