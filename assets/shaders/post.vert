// Posts and cabinets: a table's rows at fixed places with a status each.
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
    if (status > 7.5) return FAULT * (0.55 + 0.45 * sin(REAL_S * 6.2832));
    if (status > 6.5) return QUIET * 0.10;
    if (status > 5.5) return STANDBY * 0.55;
    if (status > 4.5) return QUIET * 0.75;
    if (status > 3.5) return STANDBY * 0.85;
    if (status > 2.75) return QUIET * 0.75;
    if (status > 2.25) return TO_GRID;
    if (status > 1.5) return FROM_GRID;
    if (status > 0.5) return STANDBY;
    return QUIET * 0.38;
}

void main() {
    int row = int(texelFetch(u_rows, gl_InstanceID).r);
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    vec4 place = texelFetch(u_places, row);
    vec3 at = vec3(place.x, 0.0, place.y) + turned(p3d_Vertex.xyz, place.z);
    vec3 shine = status_light(texelFetch(u_status, row).r) * tint.a;
    v_color = shaded(tint.rgb * (1.0 - tint.a), turned(p3d_Normal, place.z), shine, at - EYE);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
