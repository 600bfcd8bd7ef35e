// What every shader knows of the frame: camera, clock, light, hub. Filled by game/scene/frame.py.
uniform vec4 u_frame[20];
uniform vec4 u_palette[8];
uniform vec4 u_ramp[4];     // an overlay's steps, from low to high

#define EYE u_frame[0].xyz
#define REAL_S u_frame[0].w
#define RIGHT u_frame[1].xyz
#define NOW_S u_frame[1].w
#define UP u_frame[2].xyz
#define PIXEL u_frame[2].w
#define KEY_DIRECTION u_frame[3].xyz
#define NIGHT u_frame[3].w
#define KEY u_frame[4].rgb
#define FOG_RANGE u_frame[4].w
#define AMBIENT_SKY u_frame[5].rgb
#define AMBIENT_GROUND u_frame[6].rgb
#define HORIZON u_frame[7].rgb
#define ZENITH u_frame[8].rgb
#define GLOW u_frame[9].rgb
#define GROUND u_frame[10].rgb
#define STARS u_frame[10].w
#define HUB_XYZ u_frame[11].xyz
#define HUB_SCALE u_frame[11].w
#define HUB_LOAD u_frame[12].x
#define HUB_OVER u_frame[12].y
#define HUB_COLOR u_frame[13].rgb
#define HUB_ACTIVE u_frame[13].w
#define SUN u_frame[14].xyz
#define STREAM_GAIN u_frame[14].w
#define VIEWPORT u_frame[15].xy
#define OVERCAST u_frame[17].x
#define DRIFT u_frame[17].y
// Numbers of game/look.py.
#define VIEW int(u_frame[16].x)
#define OVERLAY int(u_frame[16].y)
#define FLOW int(u_frame[16].z)
#define TIER int(u_frame[16].w)
const int OVERLAY_FLOW = 1, OVERLAY_SOC = 2, OVERLAY_LOAD = 3, OVERLAY_VOLTAGE = 4, OVERLAY_PRICE = 5,
    OVERLAY_HEALTH = 6, OVERLAY_CONNECTIVITY = 7;
const int VIEW_V2G = 1, VIEW_OCPP = 2, VIEW_PERFORMANCE = 3;
// The hub's signs: stress 0..1 and the turns its pulse has made; renewable share, below 0 unknown;
// rate band 0 low, 1 middle, 2 high, below 0 unknown.
#define STRESS u_frame[17].x
#define PULSE u_frame[17].y
#define RENEWABLE_SHARE u_frame[17].z
#define RATE_BAND u_frame[17].w
// Shares of the limits that are left to draw and to feed; 1 draws, -1 feeds, 0 neither.
#define HEADROOM u_frame[18].xy
#define HUB_SIGN u_frame[18].z
// How wide flows are drawn, 1 as a rule. Prices now, currency/kWh; currency/h that fill a bar.
#define FLOW_WIDTH u_frame[18].w
#define PRICE_BUY u_frame[19].x
#define PRICE_SELL u_frame[19].y
#define MONEY_FULL u_frame[19].z

#define TO_GRID u_palette[0].rgb
#define FROM_GRID u_palette[1].rgb
#define STANDBY u_palette[2].rgb
#define FAULT u_palette[3].rgb
#define WARNING u_palette[4].rgb
#define QUIET u_palette[5].rgb
#define TEXT u_palette[6].rgb
#define RENEWABLE u_palette[7].rgb

// Colour of the air at the horizon in a compass direction (unit xz).
vec3 horizon(vec2 toward) {
    float facing = max(dot(toward, SUN.xz) * 0.5 + 0.5, 0.0);
    facing *= facing;
    return HORIZON + GLOW * (facing * facing);
}

// Light on level ground, and what of it is left in shadow.
vec3 ground_light() {
    return AMBIENT_SKY + mix(vec3(dot(KEY, vec3(0.333))), KEY, 0.5) * max(KEY_DIRECTION.y, 0.0);
}

float ground_shade() {
    return dot(AMBIENT_SKY, vec3(1.0)) / dot(ground_light() + 1e-4, vec3(1.0));
}

// A colour seen through the air at `offset` from the eye.
vec3 through_air(vec3 color, vec3 offset) {
    float square = dot(offset.xz, offset.xz);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    return mix(color, horizon(offset.xz * inversesqrt(square + 1e-4)), haze);
}

// Matte light on a surface: key by the sun, sky above, ground below, a cool rim.
vec3 lit(vec3 albedo, vec3 normal, vec3 offset) {
    float key = max(dot(normal, KEY_DIRECTION), 0.0);
    vec3 ambient = mix(AMBIENT_GROUND, AMBIENT_SKY, normal.y * 0.5 + 0.5);
    float edge = 1.0 + dot(normal, offset) * inversesqrt(dot(offset, offset));
    edge = clamp(edge, 0.0, 1.0);
    return albedo * (ambient + KEY * key) + AMBIENT_SKY * (edge * edge * edge * (0.22 + 0.16 * NIGHT));
}

// A flat face: matte, shining by `shine`, seen through the air.
vec3 shaded(vec3 albedo, vec3 normal, vec3 shine, vec3 offset) {
    return through_air(lit(albedo, normal, offset) + shine, offset);
}

// How much light covers of what is behind it; by day light alone is lost on bright ground.
float light_cover(float at_night) {
    return mix(0.85, at_night, NIGHT);
}

// How strongly a power shows, 0..1.
float strength(float kw) {
    return log(1.0 + min(abs(kw), 400.0) / 2.0) / log(201.0);
}

// Bits without order, the same on every processor: lowbias32 of Christopher Wellons' hash-prospector
// (public domain).
uint scrambled(uint n) {
    n = (n ^ n >> 16) * 0x7feb352du;
    n = (n ^ n >> 15) * 0x846ca68bu;
    return n ^ n >> 16;
}

// A number of 0..1 for each n.
float hash(uint n) {
    return float(scrambled(n) >> 8) / 16777216.0;
}

vec3 turned(vec3 v, float heading) {
    float s = sin(heading), c = cos(heading);
    return vec3(v.x * c + v.z * s, v.y, v.z * c - v.x * s);
}
