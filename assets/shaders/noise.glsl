// Smooth noise 0..1 over the plane, the same on every processor; it repeats after 1,024 cells.
float corner(ivec2 at) {
    uint n = uint(at.x & 1023) * 1597334677u ^ uint(at.y & 1023) * 3812015801u;
    n = (n ^ (n >> 15)) * 2246822519u;
    return float((n >> 8) & 0xffffu) / 65535.0;
}

float lumps(vec2 at) {
    ivec2 cell = ivec2(floor(at));
    vec2 f = at - floor(at);
    f *= f * (3.0 - 2.0 * f);
    return mix(mix(corner(cell), corner(cell + ivec2(1, 0)), f.x),
               mix(corner(cell + ivec2(0, 1)), corner(cell + ivec2(1, 1)), f.x), f.y);
}
