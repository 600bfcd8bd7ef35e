#include "frame.glsl"
#include "noise.glsl"
in vec3 v_direction;
in vec3 v_low;
out vec4 color;

#ifdef SHADOWS
// Clouds have a shape where a tier affords shadows; elsewhere they only take the colour.
// How thick the clouds are in a direction, 0..1.
float clouds(vec3 way) {
    vec2 at = way.xz / (max(way.y, 0.0) + 0.16) * 1.1 + vec2(DRIFT, 0.3 * DRIFT);
    float thick = rough_lumps(at) * 0.85 + lumps(at * 5.1 + 41.0) * 0.15;
    return smoothstep(0.78 - 0.62 * OVERCAST, 1.05 - 0.45 * OVERCAST, thick);
}
#endif

void main() {
    float lift = clamp(v_direction.y * 2.6, 0.0, 1.0);
    vec3 sky = mix(v_low, ZENITH, lift * (2.0 - lift));
    float sun = max(dot(v_direction, SUN), 0.0);
    float disk = sun * sun;
    disk *= disk; disk *= disk; disk *= disk; disk *= disk;
    sky += GLOW * (disk * 0.55);
#ifdef SHADOWS
    if (OVERCAST > 0.01) {
        float thick = clouds(v_direction) * clamp(v_direction.y * 7.0, 0.0, 1.0);
        vec3 lit_cloud = mix(AMBIENT_SKY * 1.15 + KEY * 0.22, sky, 0.35);
        sky = mix(sky, mix(lit_cloud, sky * 0.78, 0.55 * OVERCAST), thick * 0.55);
    }
#endif
    // The half-step dither keeps the night gradient free of bands.
    sky += (fract(dot(gl_FragCoord.xy, vec2(0.7548777, 0.5698403))) - 0.5) / 255.0;
    color = vec4(sky, 1.0);
}
