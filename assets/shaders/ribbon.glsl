// What a ribbon's light is made of: the way across and along it, and how it covers what is behind.
#include "stream.glsl"
in float v_off;
in float v_train;
in float v_along;
in float v_gain;
in float v_pixel;
flat in vec3 v_color;
flat in vec3 v_kind;
flat in float v_tube;
flat in float v_power;
flat in float v_row;
out vec4 color;

// A line's light: full within `half_width`, never thinner than a pixel, dimmer instead.
float line(float away, float half_width) {
    float seen = max(half_width, v_pixel * 0.7);
    return smoothstep(seen * 1.5, seen * 0.5, abs(away)) * min(half_width / seen * 1.3, 1.0);
}

// Light in the flow's colour (x) and white (y).
vec4 shining(vec2 light) {
    light *= v_gain;
    return vec4(v_color * light.x + vec3(light.y * 0.75), min((light.x + light.y) * light_cover(0.35), 1.0));
}
