#include "frame.glsl"
#include "shadow.glsl"
#include "noise.glsl"
in vec3 v_color;
#ifdef SHADOWS
in vec3 v_dark;
in vec3 v_at;
#endif
out vec4 color;

#ifdef SHADOWS
// Asphalt where a tier affords it: worn, and smooth enough to hold the sky and the hub's light.
const float GRAIN = 0.26, SHEEN = 0.85, STREAK = 1.1;
const float CROWN_M = 15.0, CORE_M = 8.4, WIDE_M = 2.6;

// What the hub's column of light leaves on the ground before it, seen along `way`: long to the eye.
float streak(vec3 at, vec3 way, float rough) {
    vec2 to_hub = HUB_XYZ.xz - at.xz;
    float level = max(dot(way.xz, way.xz), 1e-4);
    float along = max(dot(to_hub, way.xz) / level, 0.0);
    float beside = length(to_hub - way.xz * along) / (HUB_SCALE * (WIDE_M + rough * 6.0));
    float high = -way.y * along / HUB_SCALE;
    float lift = (high - CORE_M) / (CROWN_M - CORE_M + rough * 9.0);
    return exp(-beside * beside - lift * lift);
}
#endif

void main() {
#ifdef SHADOWS
    vec3 offset = v_at - EYE;
    float far = length(offset);
    vec3 way = offset / far;
    float broad = rough_lumps(v_at.xz * 0.11);
    float fine = lumps(v_at.xz * 7.0) * clamp(1.0 - far / 55.0, 0.0, 1.0);
    vec3 shown = mix(v_dark, v_color, sunlit(v_at));
    shown *= 1.0 + GRAIN * (broad - 0.5) + 0.5 * GRAIN * (fine - 0.5);
    float grazing = 1.0 - clamp(-way.y, 0.0, 1.0);
    grazing *= grazing;
    float mirror = grazing * (0.45 + 0.55 * (1.0 - broad));
    vec3 sky = mix(horizon(normalize(way.xz)), ZENITH, clamp(-way.y * 1.7, 0.0, 1.0));
    shown = mix(shown, sky, SHEEN * grazing * mirror * (0.35 + 0.65 * NIGHT));
    vec3 light = HUB_COLOR * (HUB_ACTIVE * STREAK * mirror * (0.25 + 0.75 * NIGHT) * streak(v_at, way, 1.0 - mirror));
    shown += light * clamp(1.0 - shown, 0.0, 1.0);
    color = vec4(shown, 1.0);
#else
    color = vec4(v_color, 1.0);
#endif
}
