// A face of a post or cabinet: plain, or with a sign or a bar in the colour of ink.
uniform sampler2D u_signs;
uniform float u_station;
in vec3 v_color;
in vec2 v_uv;
in float v_along;
flat in vec3 v_ink;
flat in float v_fill;
out vec4 color;

void main() {
    float cover = 0.0;
    if (v_uv.x >= 0.0) cover = texture(u_signs, v_uv).r;
    else if (v_along < v_fill) cover = 1.0;
    color = vec4(mix(v_color, v_ink, cover), 1.0);
    // A station's bar is halfway at an equal share.
    if (u_station > 0.5 && v_fill >= 0.0 && abs(v_along - 0.5) < 0.018) color.rgb = vec3(0.85);
}
