// Smooth noise 0..1 over the plane, the same on every processor: game/scene/noise.py made it.
uniform sampler2D u_noise;
const float NOISE_CELLS = 64.0;

float lumps(vec2 at) {
    return texture(u_noise, at / NOISE_CELLS).r;
}
