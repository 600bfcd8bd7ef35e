#include "frame.glsl"
in vec3 v_direction;
in vec3 v_low;
out vec4 color;

void main() {
    float lift = clamp(v_direction.y * 2.6, 0.0, 1.0);
    vec3 sky = mix(v_low, ZENITH, lift * (2.0 - lift));
    float sun = max(dot(v_direction, SUN), 0.0);
    float disk = sun * sun;
    disk *= disk; disk *= disk; disk *= disk; disk *= disk;
    sky += GLOW * (disk * 0.55);
    // The half-step dither keeps the night gradient free of bands.
    sky += (fract(dot(gl_FragCoord.xy, vec2(0.7548777, 0.5698403))) - 0.5) / 255.0;
    color = vec4(sky, 1.0);
}
