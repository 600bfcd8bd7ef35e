// Posts and cabinets: a table's rows at fixed places, two texels of state each, see
// game/scene/stations.py. data.x is a Role of game/scene/posts.py.
#include "vehicle.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_places;
uniform samplerBuffer u_states;
uniform float u_station;    // 1 for cabinets
uniform float u_full;       // 1 for full bodies
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
#ifdef FAR
flat out vec3 v_color;
#else
out vec3 v_color;
out vec2 v_uv;              // in the atlas; x < 0: no sign
out float v_along;          // along a bar
flat out vec3 v_ink;
flat out float v_fill;      // how far the bar is filled; < 0: no bar
#endif

const int MARK = 1, LAMP = 2, POWER = 3, CAP = 4, SESSION = 5, ICON = 6, PLUG = 7, KIND = 8,
    VERSION = 9, LINK = 10, SHARE = 11, PLATE = 12, STATION_PLATE = 13;
const int BACK = 0, SIGN = 1, TRACK = 2, FILL = 3, LINKED = 4;          // pieces of a plate
const float FEEDING_SIGN = 9.0, LINK_SIGN = 10.0, PLUG_SIGN = 12.0, KIND_SIGN = 17.0,
    VERSION_SIGN = 22.0;
const float WORD_ASPECT = 2.7;
const float ABNORMAL = 6.5;     // unavailable or faulted from here on
const vec3 MARK_FOOT = vec3(0.0, 1.84, 0.0);
const float MARK_PIXELS = 11.0;
const float BAR_LOW = 0.16, BAR_HIGH = 0.70;

struct State {
    float status;       // OCPP 1.6 status by number; 2.5 is a connector that feeds the grid
    float kind;         // connector: plug type; station: protocol version
    int guest;          // vehicle, or -1
    float rating_kw;    // station: its net power
    bool online;
    float session;      // connector: 1 while a transaction runs; station: voltage (pu), below 0 unknown
    float share;        // of its zone's power, 1 is an equal share
};

float rhythm() { return 0.65 + 0.35 * sin(REAL_S * 6.2832); }

// Out of service is steady, a fault pulses.
vec3 mark_light(float status) {
    return status > 7.5 ? FAULT * rhythm() : WARNING * 0.8;
}

vec3 status_ink(float status) {
    if (status > ABNORMAL) return mark_light(status);
    if (status > 5.5) return TEXT * 0.75;
    if (status > 4.5) return QUIET * 0.9;
    if (status > 3.5) return STANDBY * 0.85;
    if (status > 2.75) return QUIET * 0.75;
    if (status > 2.25) return TO_GRID;
    if (status > 1.5) return FROM_GRID;
    if (status > 0.5) return STANDBY;
    return QUIET * 0.42;
}

vec2 in_atlas(float sign_number, vec2 uv) {
    float row = floor(sign_number / 8.0);
    return (vec2(sign_number - row * 8.0, 3.0 - row) + clamp(uv, 0.02, 0.98)) / vec2(8.0, 4.0);
}

void nowhere() { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }

bool station_plate_shown(State s) {
    // Load and voltage stand there as numbers, see reading.vert.
    return OVERLAY != OVERLAY_LOAD && OVERLAY != OVERLAY_VOLTAGE
        && (VIEW == VIEW_OCPP || OVERLAY == OVERLAY_CONNECTIVITY || !s.online);
}

#ifndef FAR
// A plate faces the eye and keeps its pixels as far as the site has room for it.
void plate(State s, vec4 place, int role) {
    int piece = int(data.w + 0.5);
    bool station = role == STATION_PLATE;
    bool linked = station && (OVERLAY == OVERLAY_CONNECTIVITY || !s.online);
    if (station && !station_plate_shown(s)) { nowhere(); return; }
    if (station && piece != BACK && linked != (piece == LINKED)) { nowhere(); return; }
    // Versions are for those who stand near; what is wrong, or asked for, is for all.
    if (station && s.online && OVERLAY != OVERLAY_CONNECTIVITY
        && PIXEL * distance(EYE, vec3(place.x, 0.0, place.y)) > 0.055) { nowhere(); return; }
    bool alarm = station ? !s.online : s.status > ABNORMAL;
    vec3 anchor = vec3(place.x, 0.0, place.y)
        + turned(station ? vec3(0.0, 1.55, 0.0) : vec3(0.0, 2.15, 0.75), place.z);
    float away = distance(EYE, anchor);
    float pixels = alarm ? 10.5 : station ? 8.0 : s.status < 0.5 ? 5.5 : 8.5;
    float unit = min(max(station ? 0.16 : 0.19, pixels * PIXEL * away), station ? 1.0 : 0.95);
    if (!station && s.status < 0.5) unit = min(unit, 0.16 + 0.4 * unit);
    vec3 at = anchor + (RIGHT * data.y + UP * (data.z + 1.0)) * unit;
    at += (EYE - at) * (piece == BACK ? 0.0 : piece == FILL ? 0.006 : 0.004);
    vec3 ink = station ? (alarm ? WARNING : QUIET) : status_ink(s.status);
    vec3 back = mix(GROUND, vec3(0.055, 0.082, 0.15), 0.85) * 0.9;
    v_color = back;
    v_ink = ink;
    if (alarm && !station) { v_color = ink; v_ink = back; }
    float number = !station ? (s.status > 2.25 && s.status < 2.75 ? FEEDING_SIGN : floor(s.status + 0.5))
        : linked ? (s.online ? LINK_SIGN : LINK_SIGN + 1.0) : VERSION_SIGN + s.kind;
    if (piece == SIGN || piece == LINKED) {
        vec2 uv = station && piece == SIGN ? vec2(data.y / 1.5, (data.z - 0.15) / 1.5) * 0.5 + 0.5
            : data.yz / (station ? 0.95 : 0.8) * 0.5 + 0.5;
        v_uv = in_atlas(number, uv);
    } else if (piece == TRACK) {
        v_color = QUIET * 0.22;
    } else if (piece == FILL) {
        v_along = data.y / 2.8 + 0.5;
        v_fill = s.share * 0.5;
        v_color = QUIET * 0.22;
        v_ink = TEXT * 0.7;
    }
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
#endif

void main() {
#ifndef FAR
    v_uv = vec2(-1.0);
    v_along = 0.0;
    v_fill = -1.0;
    v_ink = vec3(0.0);
#endif
    v_color = vec3(0.0);
    int row = row_of(one_of_all(u_bundle > 1 ? data.w : 0.0)), role = int(data.x + 0.5);
    if (row < 0) { nowhere(); return; }
    vec4 place = texelFetch(u_places, row);
    vec4 a = texelFetch(u_states, row * 2), b = texelFetch(u_states, row * 2 + 1);
    // Preparing goes before what comes after it.
    if (NOW_S < b.w && a.x > 1.5 && a.x < 4.5) a.x = 1.0;
    State s = State(a.x, a.y, int(a.z), a.w, b.x > 0.5, b.y, b.z);
#ifndef FAR
    if (role >= PLATE) { plate(s, place, role); return; }
#endif

    vec3 local = p3d_Vertex.xyz, shine = vec3(0.0), albedo = tint.rgb;
    float number = -1.0;
    bool abnormal = s.status > ABNORMAL;
    if (role == MARK) {
        if (!abnormal || (VIEW == VIEW_OCPP && local.y >= MARK_FOOT.y - 0.01)) { nowhere(); return; }
        shine = mark_light(s.status);
        // The cone keeps a few pixels from afar.
        if (local.y >= MARK_FOOT.y - 0.01)
            local = MARK_FOOT + (local - MARK_FOOT)
                * max(1.0, MARK_PIXELS * PIXEL * distance(EYE, vec3(place.x, 0.0, place.y)) / 0.62);
    } else if (role == LAMP) {
        shine = abnormal ? mark_light(s.status) : s.online ? QUIET * 0.38 : WARNING * 0.8;
    } else if (role == POWER) {
        float kw = s.guest < 0 ? 0.0 : vehicle(s.guest).ac_kw;
        float fill = abs(kw) > 0.05 ? max(abs(kw) / s.rating_kw, 0.04) : -0.01;
        vec3 ink = kw < 0.0 ? TO_GRID : FROM_GRID;
#ifdef FAR
        // Without a fragment's means the bar itself is as tall as it is full.
        local.y = mix(BAR_LOW, BAR_HIGH, data.y * clamp(fill, 0.0, 1.0));
        albedo = vec3(0.0);
        shine = ink;
#else
        v_along = data.y;
        v_fill = fill;
        v_ink = ink;
#endif
    } else if (role == CAP) {
        shine = abnormal || !s.online ? vec3(0.0) : status_ink(s.status);
#ifndef FAR
    } else if (role == SESSION) {
        shine = TEXT * (s.online ? 0.04 + 0.66 * s.session : 0.0);
    } else if (role == ICON && s.online) {
        number = s.status > 2.25 && s.status < 2.75 ? FEEDING_SIGN : floor(s.status + 0.5);
        v_ink = status_ink(s.status);
    } else if (role == PLUG) {
        number = PLUG_SIGN + s.kind;
        v_ink = QUIET * 0.62;
    } else if (role == KIND) {
        number = KIND_SIGN + s.kind;
        v_ink = QUIET * (s.online ? 0.85 : 0.25);
    } else if (role == VERSION) {
        number = VERSION_SIGN + s.kind;
        v_ink = QUIET * (s.online ? 0.85 : 0.25);
    } else if (role == LINK) {
        number = s.online ? LINK_SIGN : LINK_SIGN + 1.0;
        v_ink = s.online ? QUIET * 0.5 : WARNING;
    } else if (role == SHARE && s.online) {
        v_along = data.y;
        v_fill = s.share * 0.5;
        v_ink = QUIET * 0.9;
#endif
    } else if (role == 0) {
        if (OVERLAY == OVERLAY_LOAD || OVERLAY == OVERLAY_VOLTAGE && u_station > 0.5)
            albedo = mix(albedo, station_reading(0.0, s.share, s.session).color, 0.75);
        if (VIEW == VIEW_PERFORMANCE && OVERLAY == 0) albedo = u_ramp[u_full > 0.5 ? 3 : 1].rgb * 0.6;
        if (VIEW == VIEW_V2G && OVERLAY == 0) albedo *= 0.6;
        if (OVERLAY == OVERLAY_CONNECTIVITY) albedo = mix(albedo, s.online ? FROM_GRID * 0.6 : WARNING, 0.6);
        if (!s.online && u_station > 0.5) albedo *= 0.7;
    }
#ifdef FAR
    if (role != POWER) shine *= tint.a;
#else
    if (number >= 0.0) v_uv = in_atlas(number, data.yz);
    shine *= tint.a;
#endif
    if (VIEW == VIEW_V2G && !abnormal) {
        shine *= 0.35;
#ifndef FAR
        v_ink *= 0.5;
#endif
    }
    vec3 at = vec3(place.x, 0.0, place.y) + turned(local, place.z);
    v_color = shaded(albedo * (1.0 - tint.a), turned(p3d_Normal, place.z), shine, at - EYE);
#ifndef FAR
    v_ink = through_air(v_ink, at - EYE);
#endif
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
