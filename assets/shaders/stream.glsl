// The path of energy between a vehicle and the hub's core, and the train of marks that travels on it.
#include "vehicle.glsl"
uniform samplerBuffer u_paths;

const float SLOT_M = 2.0;       // pitch of the train at hub scale 1
const float SLOTS = 8.0;        // its period: 16 m, as game/scene/vehicles.py keeps it
const float DENSE_M = 90.0;     // from here on particles thin out with distance

struct Stream {
    vec3 a, b, c, d;
    float metres;
    float slot;       // m from slot to slot of the train
    float run;        // how far the train has come, in slots
    float toward;     // 1 to the hub, -1 from it
    float power;      // 0..1
    float wide;       // m that one unit of width stands for
    vec3 kind;        // how much it is particles, tube, arc; 1 together
};

// Chosen by hand, or by power: particles up to 11 kW, the common three-phase wall box (16 A at
// 400 V); from there on by the classes of recharging points of Regulation (EU) 2023/1804, annex
// III: medium AC ends at 22 kW, slow DC at 50 kW, ultra-fast DC begins at 150 kW.
vec3 flow_kind(float kw) {
    if (FLOW > 0) return vec3(FLOW == 1, FLOW == 2, FLOW == 3);
    float tube = smoothstep(11.2, 22.0, abs(kw)), arc = smoothstep(50.0, 150.0, abs(kw));
    return vec3(1.0 - tube, tube * (1.0 - arc), arc);
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
    s.slot = HUB_SCALE * SLOT_M;
    s.run = mod((v.comets.x * REAL_S + v.comets.y) / s.slot + 8.0 * hash(uint(2 * v.row + 1)), 32.0);
    s.toward = v.ac_kw < 0.0 ? 1.0 : -1.0;
    s.wide = sqrt(HUB_SCALE) * FLOW_WIDTH;
    s.kind = flow_kind(v.ac_kw);
    return s;
}

// The vehicle of a row and its stream, if energy flows there.
bool flows(int row, out Vehicle v, out Stream s) {
    if (row < 0) return false;
    v = vehicle(row);
    if (v.connector < 0 || abs(v.ac_kw) <= 0.05) return false;
    s = stream(v);
    return true;
}

// Share of the slots that carry a particle: more with power and quality, fewer far away.
float density(Stream s) {
    float far_away = distance((s.b + s.c) * 0.5, EYE);
    float near = clamp(DENSE_M * s.wide / far_away, 0.25, 1.0);
    return min(0.16 + 1.15 * s.power, 1.0) * near * min(0.5 + 0.25 * float(TIER), 1.0);
}

// How far the particle in a slot shows. Slots fill in bit-reversed order, one at a time, so that
// none jumps when power or distance changes.
float shown(float n, float filled) {
    int k = int(mod(n + 0.5, SLOTS));
    float rank = float((k & 1) * 4 + (k & 2) + (k >> 2));
    return clamp(max(filled * SLOTS, 1.0) - rank, 0.0, 1.0);
}

vec3 point(Stream s, float t) {
    float r = 1.0 - t;
    return r * r * r * s.a + 3.0 * r * r * t * s.b + 3.0 * r * t * t * s.c + t * t * t * s.d;
}

// A third of the path's derivative by t.
vec3 tangent(Stream s, float t) {
    float r = 1.0 - t;
    return r * r * (s.b - s.a) + 2.0 * r * t * (s.c - s.b) + t * t * (s.d - s.c);
}
