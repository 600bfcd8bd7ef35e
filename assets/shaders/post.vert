// Posts and cabinets: a table's rows at fixed places with a status each. data.x: 0 a strip that
// shows the status, 1 the mark of what is abnormal, 2 the cabinet's lamp.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_places;
uniform samplerBuffer u_status;
uniform samplerBuffer u_rows;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
out vec3 v_color;

// OCPP 1.6 status by number; 2.5 is a connector that feeds the grid.
vec3 status_light(float status) {
    if (status > 6.5) return vec3(0.0);
    if (status > 5.5) return STANDBY * 0.55;
    if (status > 4.5) return QUIET * 0.75;
    if (status > 3.5) return STANDBY * 0.85;
    if (status > 2.75) return QUIET * 0.75;
    if (status > 2.25) return TO_GRID;
    if (status > 1.5) return FROM_GRID;
    if (status > 0.5) return STANDBY;
    return QUIET * 0.38;
}

const float ABNORMAL = 6.5;     // unavailable or faulted from here on
const vec3 MARK_FOOT = vec3(0.0, 1.74, 0.0);
const float MARK_PIXELS = 11.0;

// Out of service is steady, a fault pulses.
vec3 mark_light(float status) {
    return status > 7.5 ? FAULT * (0.65 + 0.35 * sin(REAL_S * 6.2832)) : WARNING * 0.8;
}

void main() {
    int row = int(texelFetch(u_rows, gl_InstanceID).r);
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    vec4 place = texelFetch(u_places, row);
    float status = texelFetch(u_status, row).r;
    int role = int(data.x + 0.5);
    vec3 local = p3d_Vertex.xyz;
    vec3 shine = vec3(0.0);
    if (role == 0) shine = status_light(status);
    else if (status > ABNORMAL) shine = mark_light(status);
    else if (role == 1) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    else shine = QUIET * 0.38;
    // The cone keeps a few pixels from afar.
    if (role == 1 && local.y >= MARK_FOOT.y - 0.01)
        local = MARK_FOOT + (local - MARK_FOOT)
            * max(1.0, MARK_PIXELS * PIXEL * distance(EYE, vec3(place.x, 0.0, place.y)) / 0.62);
    shine *= tint.a;
    vec3 at = vec3(place.x, 0.0, place.y) + turned(local, place.z);
    v_color = shaded(tint.rgb * (1.0 - tint.a), turned(p3d_Normal, place.z), shine, at - EYE);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
