// The path of energy between a vehicle and the hub's core, and the comets that travel on it.
#include "vehicle.glsl"
uniform samplerBuffer u_paths;

struct Stream {
    vec3 a, b, c, d;
    float metres;
    float speed;      // m/s along the path
    float spacing;    // m from comet to comet
    float phase;      // 0..1
    float toward;     // 1 to the hub, -1 from it
    float power;      // 0..1
};

Stream stream(Vehicle v) {
    Stream s;
    vec4 first = texelFetch(u_paths, v.connector * 3);
    s.a = v.xyz + outward(v, vec3(0.0, v.half_size.y * 0.96, -v.half_size.z * 0.35));
    s.b = first.xyz;
    s.c = texelFetch(u_paths, v.connector * 3 + 1).xyz;
    s.d = texelFetch(u_paths, v.connector * 3 + 2).xyz;
    s.metres = first.w;
    s.power = strength(v.ac_kw);
    // Speed and spacing go in steps: a taper then never makes running comets jump.
    float step_of = ceil(s.power * 5.0) / 5.0;
    s.speed = HUB_SCALE * mix(3.0, 15.0, step_of);
    s.spacing = HUB_SCALE * mix(13.0, 4.5, step_of);
    s.phase = hash(float(v.row) + 0.37);
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
