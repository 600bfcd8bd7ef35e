// Smooth noise over the plane, the same on every processor: game/scene/noise.py made it.
uniform sampler2D u_noise;
const float NOISE_CELLS = 64.0;

// Lumps of one size, 0..1.
float lumps(vec2 at) {
    return texture(u_noise, at / NOISE_CELLS).r;
}

// Lumps with smaller ones upon them, of a quarter of their size, 0..1.
float rough_lumps(vec2 at) {
    return texture(u_noise, at / NOISE_CELLS).g;
}
