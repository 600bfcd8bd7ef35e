// One vehicle of the columns, evaluated at the frame's time. Five texels a table row.
#include "frame.glsl"
uniform samplerBuffer u_vehicles;
uniform samplerBuffer u_shapes;
uniform samplerBuffer u_rows;

const vec3 PAINTS[8] = vec3[8](
    vec3(0.80, 0.82, 0.85), vec3(0.56, 0.59, 0.63), vec3(0.32, 0.35, 0.40), vec3(0.17, 0.19, 0.23),
    vec3(0.88, 0.88, 0.86), vec3(0.27, 0.35, 0.46), vec3(0.44, 0.50, 0.56), vec3(0.50, 0.44, 0.40));

// How long moving in or out takes, in simulated seconds, and how far.
const float MOVE_S = 20.0;
const float MOVE_M = 5.0;

struct Vehicle {
    int row;
    vec3 xyz;
    vec2 facing;      // sine and cosine of the heading
    int body;
    vec3 half_size;   // half width, height, half length
    float ac_kw;      // at the connector, signed
    float soc;
    float target;
    float idle;       // 0 quiet, 1 standby
    int connector;
    vec2 comets;      // velocity m/s, positive to the hub, and metres run at real time 0
};

// Row of this instance, -1 when there is none.
int instance_row(int instance) {
    return int(texelFetch(u_rows, instance).r);
}

Vehicle vehicle(int row) {
    vec4 place = texelFetch(u_vehicles, row * 5);
    vec4 segment = texelFetch(u_vehicles, row * 5 + 1);
    vec4 limits = texelFetch(u_vehicles, row * 5 + 2);
    vec4 sides = texelFetch(u_vehicles, row * 5 + 3);
    Vehicle v;
    vec4 visit = texelFetch(u_vehicles, row * 5 + 4);
    v.row = row;
    v.xyz = vec3(place.x, 0.0, place.y);
    v.facing = place.zw;
    v.comets = visit.zw;
    v.body = int(sides.w) >> 1;
    v.half_size = texelFetch(u_shapes, v.body).xyz;
    // P(t) = P0 exp(k tau), E(t) = E0 + P0 (exp(k tau) - 1) / k, tau in hours.
    float tau = max(NOW_S - segment.x, 0.0) / 3600.0, k = segment.w;
    float growth = exp(k * tau);
    float kwh = segment.y + segment.z * (abs(k) > 1e-6 ? (growth - 1.0) / k : tau);
    float kw = segment.z * growth;
    if (NOW_S > limits.x) { kw = 0.0; kwh = limits.y; }
    v.ac_kw = kw >= 0.0 ? kw / sides.x : kw * sides.y;
    v.soc = clamp(kwh * limits.z, 0.0, 1.0);
    v.target = sides.z;
    v.idle = float(int(sides.w) & 1);
    v.connector = int(limits.w);
    // Vehicles back into their bay when they are plugged in and drive off before they are gone.
    float here = clamp(1.0 - (NOW_S - visit.x) / MOVE_S, 0.0, 1.0);
    float gone = clamp(1.0 - (visit.y - NOW_S) / MOVE_S, 0.0, 1.0);
    float away = max(here * here, gone * gone);
    v.xyz += vec3(v.facing.x, 0.0, v.facing.y) * (away * MOVE_M);
    if (away > 0.0) v.connector = -1;
    return v;
}

// A vector in the vehicle's axes as one in the world's.
vec3 outward(Vehicle v, vec3 local) {
    return vec3(local.x * v.facing.y + local.z * v.facing.x, local.y,
                local.z * v.facing.y - local.x * v.facing.x);
}

vec3 state_color(Vehicle v) {
    if (abs(v.ac_kw) > 0.05) return v.ac_kw > 0.0 ? FROM_GRID : TO_GRID;
    return v.idle > 0.5 ? STANDBY : QUIET * 0.55;
}
