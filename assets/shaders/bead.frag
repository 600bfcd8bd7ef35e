#include "shining.glsl"
flat in vec4 v_color;
out vec4 color;

void main() {
    vec2 at = gl_PointCoord * 2.0 - 1.0;
    float light = max(1.0 - dot(at, at), 0.0), hot = light * light;
    color = shining(v_color, light, hot * hot);
}
