#include "frame.glsl"
uniform sampler2D u_digits;
in vec2 v_at;
flat in float v_wide;
flat in float v_pixel;
flat in int v_chars;
flat in int v_count;
flat in vec4 v_bar;
flat in vec2 v_marks;
out vec4 color;

// Half heights of the plate. The atlas has CELLS cells, higher than capitals by OVER, ASPECT wide.
const float CELLS = 16.0, OVER = 64.0 / 50.0, ASPECT = 40.0 / 64.0;
const float CAPITAL = 1.12, BASE = -0.36, ADVANCE = 0.90, POINT_ADVANCE = 0.42;
const vec3 DARK = vec3(0.03, 0.045, 0.08);

float inside(float away) { return clamp(0.5 - away / v_pixel, 0.0, 1.0); }

float advance(int k) { return (v_chars >> (4 * k) & 15) == 12 ? POINT_ADVANCE : ADVANCE; }

// Coverage of the characters at a point.
float written(vec2 at) {
    float end = 0.0, cover = 0.0;
    for (int k = 0; k < v_count; k++) end += advance(k);
    end *= 0.5;
    float high = CAPITAL * OVER;
    float y = (at.y - BASE) / high + 0.5 * (1.0 - 1.0 / OVER);
    for (int k = 0; k < v_count; k++) {
        float wide = advance(k);
        vec2 uv = vec2((at.x - end + wide * 0.5) / (high * ASPECT) + 0.5, y);
        end -= wide;
        if (abs(uv.x - 0.5) < 0.5 && abs(uv.y - 0.5) < 0.5)
            cover = max(cover, textureLod(u_digits, vec2((float(v_chars >> (4 * k) & 15) + uv.x) / CELLS, uv.y),
                                          max(log2(v_pixel * 50.0 / CAPITAL), 0.0)).r);
    }
    return cover;
}

void main() {
    vec2 beyond = abs(v_at) - vec2(v_wide, 1.0) + 0.3;
    float away = length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - 0.3;
    float plate = inside(away);
    // Too small to be read, the bar takes the plate.
    float readable = smoothstep(4.2, 5.2, 1.0 / v_pixel);
    float room = v_wide - 0.22;
    vec2 at = vec2(v_at.x, v_at.y - mix(0.0, -0.74, readable));
    float high = mix(0.75, max(0.14, v_pixel * 0.9), readable);
    float x = v_at.x / room * 0.5 + 0.5;
    float track = inside(max(abs(at.x) - room, abs(at.y) - high));
    float low = min(v_marks.x, v_bar.a), top = max(v_marks.x, v_bar.a);
    // A rim in the step's colour.
    vec3 shown = mix(v_bar.rgb * 0.8, DARK, inside(away + max(v_pixel, 0.06)));
    shown = mix(shown, x >= low && x < top ? v_bar.rgb : v_bar.rgb * 0.3, track);
    float tick = inside(max(abs(x - v_marks.y) * 2.0 * room - max(0.07, 0.5 * v_pixel), abs(at.y) - high - 0.03));
    shown = mix(shown, TEXT, v_marks.y < 0.0 ? 0.0 : tick);
    if (readable > 0.0) shown = mix(shown, TEXT, written(v_at) * readable);
    float alpha = plate * 0.94;
    if (alpha < 0.02) discard;
    color = vec4(shown * alpha, alpha);
}
