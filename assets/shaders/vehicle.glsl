// One vehicle of the columns, evaluated at the frame's time. Five texels a table row.
#include "frame.glsl"
uniform samplerBuffer u_vehicles;
uniform samplerBuffer u_shapes;
uniform samplerBuffer u_drives;
uniform samplerBuffer u_rows;

const vec3 PAINTS[8] = vec3[8](
    vec3(0.80, 0.82, 0.85), vec3(0.56, 0.59, 0.63), vec3(0.32, 0.35, 0.40), vec3(0.17, 0.19, 0.23),
    vec3(0.88, 0.88, 0.86), vec3(0.27, 0.35, 0.46), vec3(0.44, 0.50, 0.56), vec3(0.50, 0.44, 0.40));

// Of game/scene/vehicles.py and routes.py: how long a drive takes (simulated s), poses of its table.
const float DRIVE_S = 60.0;
const int DRIVE_STEPS = 96;

// What a vehicle is doing.
const int S_IDLE = 0, S_CHARGING = 1, S_FEEDING = 2, S_STANDBY = 3, S_QUEUED = 4, S_BLOCKED = 5,
    S_FAULTED = 6;

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
    int state;        // S_...
    bool v2g;         // can feed the grid
    int chemistry;    // 0 unknown, 1 NMC, 2 NCA, 3 LFP
    float soh;        // state of health 0..1; 0: unknown
    vec2 comets;      // velocity m/s, positive to the hub, and metres run at real time 0
};

// Row that one of those drawn stands for, -1 when there is none.
int row_of(int one) {
    return int(texelFetch(u_rows, one).r);
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
    int bits = int(sides.w);
    v.body = bits & 7;
    v.chemistry = bits >> 3 & 3;
    v.state = bits >> 5 & 7;
    v.v2g = (bits >> 8 & 1) == 1;
    v.soh = float(bits >> 10) * 0.0001;
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
    v.connector = int(limits.w);
    // On its way: the pose of the table, and no cable yet or any more.
    float share = (NOW_S - visit.x) / DRIVE_S;
    if (visit.y >= 0.0 && share < 1.0) {
        float at = max(share, 0.0) * float(DRIVE_STEPS - 1);
        int k = min(int(at), DRIVE_STEPS - 2);
        vec4 pose = texelFetch(u_drives, int(visit.y) * DRIVE_STEPS + k);
        pose = mix(pose, texelFetch(u_drives, int(visit.y) * DRIVE_STEPS + k + 1), at - float(k));
        v.xyz = vec3(pose.x, 0.0, pose.y);
        v.facing = normalize(pose.zw);
        v.connector = -1;
        v.ac_kw = 0.0;
        if (v.state == S_STANDBY) v.state = S_IDLE;
    } else if ((bits >> 9 & 1) == 1) {
        v.xyz.x = 1e7;  // driven off, beyond everything that is drawn
    }
    if (abs(v.ac_kw) > 0.05) v.state = v.ac_kw > 0.0 ? S_CHARGING : S_FEEDING;
    v.idle = v.state == S_STANDBY || v.state == S_QUEUED ? 1.0 : 0.0;
    return v;
}

// A vector in the vehicle's axes as one in the world's.
vec3 outward(Vehicle v, vec3 local) {
    return vec3(local.x * v.facing.y + local.z * v.facing.x, local.y,
                local.z * v.facing.y - local.x * v.facing.x);
}

vec3 state_color(Vehicle v) {
    if (v.state == S_CHARGING) return FROM_GRID;
    if (v.state == S_FEEDING) return TO_GRID;
    if (v.state == S_FAULTED) return FAULT;
    if (v.state == S_BLOCKED) return WARNING;
    return v.state == S_IDLE ? QUIET * 0.55 : STANDBY;
}

// The one rhythm of what needs a person, 0.3..1.
float attention() {
    return 0.65 + 0.35 * sin(REAL_S * 6.2832);
}

#include "overlay.glsl"

// How brightly the strip along the roof shines; only those that can feed the grid have one.
float strip(Vehicle v) {
    if (v.state == S_FAULTED) return attention();
    float shines = v.state == S_CHARGING || v.state == S_FEEDING ? 0.55 + 0.45 * strength(v.ac_kw)
        : v.state == S_IDLE ? 0.22 : 0.55;
    return shines * vehicle_light();
}
