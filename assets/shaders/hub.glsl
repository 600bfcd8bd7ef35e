// What the monument, its light and its price board share.
#include "frame.glsl"

const float CORE_Y = 8.4;

// Metres of the hub's own measure in a pixel: what would be thinner than that grows with it.
float hub_pixel() {
    return PIXEL * distance(EYE, HUB_XYZ + vec3(0.0, CORE_Y * HUB_SCALE, 0.0)) / HUB_SCALE;
}

// How much the pulse shows, and where in its swing it is: nothing below a third of the stress.
float alarm() { return smoothstep(0.33, 0.9, STRESS); }
float swing() { return 0.5 - 0.5 * cos(PULSE * 6.2831853); }

// Colour of a load or stress: as it flows, amber from 70 %, orange from 90 %.
vec3 graded(float share, vec3 calm) {
    return share > 0.899 ? WARNING : share > 0.699 ? STANDBY : calm;
}

vec3 pulsing(vec3 energy) {
    vec3 crest = graded(STRESS, mix(energy, STANDBY, 0.5)) * max(HUB_ACTIVE, 0.6);
    return mix(energy, crest, alarm() * swing());
}
