#include "shadow.glsl"
in vec3 v_color;
#ifdef SHADOWS
in vec3 v_dark;
in vec3 v_at;
#endif
out vec4 color;

void main() {
#ifdef SHADOWS
    color = vec4(mix(v_dark, v_color, sunlit(v_at)), 1.0);
#else
    color = vec4(v_color, 1.0);
#endif
}
