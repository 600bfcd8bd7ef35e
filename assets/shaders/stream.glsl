// The path of energy between a vehicle and the hub's core, and the comets that travel on it.
#include "vehicle.glsl"
uniform samplerBuffer u_paths;

struct Stream {
    vec3 a, b, c, d;
    float metres;
    float spacing;    // m from comet to comet
    float run;        // how far the train of comets has come, in spacings, 0..4
    float toward;     // 1 to the hub, -1 from it
    float power;      // 0..1
};

// How far a comet of the train shows: power fills the train, one in four comets at a time, so
// that none jumps when power changes.
float shown(float n, float power) {
    int k = int(mod(n + 0.5, 4.0));
    float rank = float(k == 1 ? 2 : k == 2 ? 1 : k);
    return clamp(max(power * 4.0, 1.0) - rank, 0.0, 1.0);
}

Stream stream(Vehicle v) {
    Stream s;
    vec4 first = texelFetch(u_paths, v.connector * 3);
    s.a = v.xyz + outward(v, vec3(0.0, v.half_size.y * 0.96, -v.half_size.z * 0.35));
    s.b = first.xyz;
    s.c = texelFetch(u_paths, v.connector * 3 + 1).xyz;
    s.d = texelFetch(u_paths, v.connector * 3 + 2).xyz;
    s.metres = first.w;
    s.power = strength(v.ac_kw);
    s.spacing = HUB_SCALE * 4.0;
    s.run = mod((v.comets.x * REAL_S + v.comets.y) / s.spacing + 4.0 * hash(float(v.row) + 0.37), 4.0);
    s.toward = v.ac_kw < 0.0 ? 1.0 : -1.0;
    return s;
}

vec3 point(Stream s, float t) {
    float r = 1.0 - t;
    return r * r * r * s.a + 3.0 * r * r * t * s.b + 3.0 * r * t * t * s.c + t * t * t * s.d;
}

vec3 tangent(Stream s, float t) {
    float r = 1.0 - t;
    return r * r * (s.b - s.a) + 2.0 * r * t * (s.c - s.b) + t * t * (s.d - s.c);
}
