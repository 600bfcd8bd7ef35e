#include "meadow.glsl"
in vec3 v_color;
#ifdef SHADOWS
in vec4 v_place;
#endif
out vec4 color;

void main() {
#ifdef SHADOWS
    color = vec4(meadow(v_color, v_place), 1.0);
#else
    color = vec4(v_color, 1.0);
#endif
}
