#include "frame.glsl"
in vec3 v_direction;
out vec4 color;

void main() {
    vec3 d = normalize(v_direction);
    float rise = max(d.y, 0.0);
    vec3 low = horizon(d.xz * inversesqrt(dot(d.xz, d.xz) + 1e-5));
    float lift = rise * 2.6;
    vec3 sky = mix(low, ZENITH, clamp(lift * (2.0 - lift) * step(lift, 1.0) + step(1.0, lift), 0.0, 1.0));
    float sun = max(dot(d, SUN), 0.0);
    float disk = sun * sun;
    disk *= disk; disk *= disk; disk *= disk; disk *= disk;
    sky += GLOW * (disk * 0.55);
    // The half-step dither keeps the night gradient free of bands.
    sky += (fract(dot(gl_FragCoord.xy, vec2(0.7548777, 0.5698403))) - 0.5) / 255.0;
    color = vec4(sky, 1.0);
}
