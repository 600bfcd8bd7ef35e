// The open ground where a tier affords it: meadows of several shades, rougher ones near the eye, and
// shadows. `place` has in w how much darker the shadow is.
#include "frame.glsl"
#include "shadow.glsl"
#include "noise.glsl"

#ifdef SHADOWS
vec3 meadow(vec3 bare, vec4 place) {
    float lump = rough_lumps(place.xz * 0.027);
    bare += GROUND * (place.w / (1.0 - ground_shade()) * (0.9 * lump - 0.42)) * vec3(0.92, 1.06, 0.96);
    return bare - GROUND * (place.w * (1.0 - sunlit(place.xyz)));
}
#endif
