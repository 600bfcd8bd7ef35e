#include "stream.glsl"
in float v_side;
in float v_train;
flat in vec3 v_color;
in float v_gain;
in float v_thin;
flat in float v_toward;
flat in float v_power;
out vec4 color;

void main() {
    float f = fract(v_train);
    float tail = f * f;
    tail *= tail * min((1.0 - f) * 14.0, 1.0) * shown(v_toward * (floor(v_train) + 1.0), v_power);
    float across = 1.0 - v_side * v_side;
    float shine = (0.26 + 1.35 * tail) * across * v_gain * v_thin;
    color = vec4(v_color * shine + vec3(0.35 * tail * tail * across * v_gain), shine * 0.35);
}
