// The light of particles in the flow's colour and, where they are hot, white. By day light alone is lost on
// bright ground: it covers more of what is behind.
#include "frame.glsl"

vec4 shining(vec4 flow, float light, float hot) {
    light *= 1.1 * flow.a;
    return vec4(flow.rgb * light + hot * 0.8 * flow.a, min(light * mix(0.85, 0.2, NIGHT), 1.0));
}
