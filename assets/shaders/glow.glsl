// The light of particles: in the flow's colour, and white where they are hot.
#include "frame.glsl"

vec4 glowing(vec4 flow, vec2 light) {
    light *= vec2(1.1, 0.8) * flow.a;
    return vec4(flow.rgb * light.x + light.y, min(light.x * light_cover(0.2), 1.0));
}

// Light and heat of something round, `square` radii squared from its middle.
vec2 bead(float square) {
    float light = max(1.0 - square, 0.0), hot = light * light;
    return vec2(light, hot * hot);
}
