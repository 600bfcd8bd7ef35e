#include "frame.glsl"
in vec3 v_normal;
in vec3 v_offset;
flat in vec3 v_albedo;
flat in vec3 v_shine;
flat in vec2 v_gloss;
out vec4 color;

void main() {
    vec3 n = normalize(v_normal);
    vec3 look = normalize(v_offset);
    float edge = 1.0 + min(dot(n, look), 0.0);
    float fresnel = mix(v_gloss.x, v_gloss.y, edge * edge * edge);
    vec3 seen = look - 2.0 * dot(n, look) * n;
    // The surroundings in the paint: ground below, horizon, sky above, the key's highlight.
    vec3 sky = mix(HORIZON * 1.15, ZENITH + AMBIENT_SKY * 0.22, clamp(seen.y * 1.6, 0.0, 1.0));
    vec3 mirror = mix(GROUND * 0.8, sky, clamp(seen.y * 6.0 + 0.5, 0.0, 1.0));
    float spark = max(dot(seen, KEY_DIRECTION), 0.0);
    spark *= spark; spark *= spark; spark *= spark; spark *= spark;
    vec3 body = lit(v_albedo, n, v_offset);
    vec3 shown = mix(body, mirror * 1.3, fresnel) + KEY * (spark * (v_gloss.x * 2.0)) + v_shine;
    color = vec4(through_air(shown, v_offset), 1.0);
}
