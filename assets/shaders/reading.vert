// A number on a plate that faces the eye: what an overlay reads off a vehicle or, with STATION, off a
// station, over a bar. Characters are packed four bits each, the last one lowest.
#include "vehicle.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_places;
uniform samplerBuffer u_states;
in vec4 p3d_Vertex;
out vec2 v_at;              // in half heights of the plate from its middle
flat out float v_wide;      // half width in those
flat out float v_pixel;     // a pixel in those
flat out int v_chars;
flat out int v_count;
flat out vec4 v_bar;        // colour, how far it is filled
flat out vec2 v_marks;      // where it begins, and its tick; 0..1

const int PLUS = 10, MINUS = 11, POINT = 12, DASH = 13;

void spell(Reading r) {
    v_chars = DASH;
    v_count = 1;
    if (!r.known) return;
    int rest = int(floor(abs(r.value) * pow(10.0, float(r.decimals)) + 0.5));
    bool zero = rest == 0;
    v_chars = 0;
    v_count = 0;
    for (int k = 0; k < 6 && (k == 0 || rest > 0 || k <= r.decimals); k++) {
        v_chars |= (rest % 10) << (4 * v_count++);
        rest /= 10;
        if (k + 1 == r.decimals) v_chars |= POINT << (4 * v_count++);
    }
    if (!zero && (r.value < 0.0 || r.plus)) v_chars |= (r.value < 0.0 ? MINUS : PLUS) << (4 * v_count++);
}

void main() {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    int row = row_of(one_of_all(p3d_Vertex.z));
    if (row < 0) return;
    v_marks = vec2(0.0, -1.0);
#ifdef STATION
    vec4 place = texelFetch(u_places, row);
    vec4 a = texelFetch(u_states, row * 2), b = texelFetch(u_states, row * 2 + 1);
    // On the side of its bays: the stations opposite have theirs on the other.
    vec3 at = vec3(place.x, 0.0, place.y) + turned(vec3(0.0, 1.75, 1.1), place.z);
    Reading r = station_reading(a.w, b.z, b.y);
    v_marks = vec2(OVERLAY == OVERLAY_VOLTAGE ? 0.5 : 0.0, 0.5);
#else
    Vehicle v = vehicle(row);
    vec3 at = v.xyz + vec3(0.0, v.half_size.y + 0.62, 0.0);
    // What has no power is quiet.
    if (abs(v.ac_kw) <= 0.05 && (OVERLAY == OVERLAY_FLOW || OVERLAY == OVERLAY_PRICE)) return;
    Reading r = vehicle_reading(v);
    if (OVERLAY == OVERLAY_SOC) v_marks.y = v.target;
    if (OVERLAY == OVERLAY_HEALTH) v_marks.y = 1.0 / 3.0;
#endif
    float pixel = PIXEL * distance(at, EYE);
    vec2 half_size = plate_half(pixel);
    if (half_size.y < 1.2 * pixel) return;
    spell(r);
    v_bar = vec4(r.color, r.share);
    v_wide = half_size.x / half_size.y;
    v_pixel = pixel / half_size.y;
    v_at = p3d_Vertex.xy * (vec2(v_wide, 1.0) + v_pixel);
    at += (RIGHT * v_at.x + UP * v_at.y) * half_size.y;
    at += (EYE - at) * 0.004;
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
