#include "paint.glsl"
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
    vec3 direct = KEY;
#ifdef SHADOWS
    direct *= sunlit(v_offset + EYE, n);
#endif
    vec3 shown = painted(n, normalize(v_offset), v_albedo, v_shine, v_gloss, direct);
    color = vec4(shown * v_air.a + v_air.rgb, 1.0);
}
