// Above a vehicle, turned to the viewer: what it is doing, how full it is, what cells it has.
#include "vehicle.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec2 v_at;           // m from the bar's middle
flat out vec4 v_fill;    // colour, and how far the bar is filled
flat out vec4 v_state;   // colour of the sign, and its strength
flat out vec4 v_sizes;   // half length and height of the bar, half size of sign and cell mark (m)
flat out vec4 v_more;    // tick -1..1, fade, metres a pixel, health 0..1
flat out ivec3 v_what;   // state, can feed, chemistry

const float HALF_LENGTH = 0.80, GAP = 0.12;

void main() {
    int row = row_of(one_of_all(p3d_Vertex.z));
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    if (row < 0) return;
    Vehicle v = vehicle(row);
    vec3 at = v.xyz + vec3(0.0, v.half_size.y + 0.62, 0.0);
    float pixel = PIXEL * distance(at, EYE);
    bool over = about_vehicles();
    bool urgent = v.state >= S_BLOCKED;
    // What the view is not about has no bar.
    if (!urgent && (about_stations() || VIEW == VIEW_PERFORMANCE || VIEW == VIEW_V2G && !v.v2g) && !over) return;
    float fade = clamp(2.0 - pixel / (over || urgent ? 0.15 : 0.075), 0.0, 1.0);
    if (fade <= 0.0) return;
    // Signs keep a few pixels from afar.
    float sign_m = v.state == S_IDLE && !v.v2g ? 0.0 : max(v.state == S_IDLE ? 0.14 : 0.26, pixel * 4.5);
    float cell_m = !over ? 0.15 : OVERLAY == OVERLAY_HEALTH ? max(0.2, pixel * 4.0) : 0.0;
    if (v.chemistry == 0 || cell_m < pixel * 3.0) cell_m = 0.0;
    // An overlay's number takes the bar's place.
    float half_length = over ? plate_half(pixel).x : HALF_LENGTH;
    float height = over ? -1.0 : max(0.075, pixel * 1.4);
    v_sizes = vec4(half_length, height, sign_m, cell_m);
    float left = half_length + GAP + 2.0 * sign_m, right = half_length + GAP + 2.0 * cell_m;
    float tall = max(max(sign_m, cell_m), height + 0.08) + pixel;
    v_at = vec2(p3d_Vertex.x < 0.0 ? -left - pixel : right + pixel, p3d_Vertex.y * tall);
    v_more = vec4(over ? 9.0 : v.target * 2.0 - 1.0, fade, pixel, v.soh);
    // Quiet while all is well: how full is told by length, notches and the pale colours of the overlay's steps.
    int steps = step_of(v.soc, SOC_STEPS);
    v_fill = vec4(steps == 0 ? WARNING : mix(u_ramp[steps].rgb, TEXT * 0.85, 0.4), v.soc * 2.0 - 1.0);
    v_state = vec4(v.state == S_IDLE ? QUIET : state_color(v), v.state == S_FAULTED ? attention() : 1.0);
    v_what = ivec3(v.state, int(v.v2g), v.chemistry);
    at += RIGHT * v_at.x + UP * v_at.y;
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
