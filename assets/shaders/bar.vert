// State of charge above a vehicle, turned to the viewer.
#include "vehicle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec2 v_at;
flat out vec4 v_fill;
flat out vec4 v_look;

void main() {
    int row = instance_row(gl_InstanceID);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    if (row < 0) return;
    Vehicle v = vehicle(row);
    vec3 at = v.xyz + vec3(0.0, v.half_size.y + 0.55, 0.0);
    float far_away = distance(at, EYE);
    float fade = clamp(2.0 - far_away * PIXEL / 0.075, 0.0, 1.0);
    if (fade <= 0.0) return;
    vec2 size = vec2(0.80, max(0.06, PIXEL * far_away * 1.1));
    v_at = p3d_Vertex.xy;
    v_fill = vec4(state_color(v), v.soc * 2.0 - 1.0);
    v_look = vec4(v.target * 2.0 - 1.0, fade, size);
    at += RIGHT * (p3d_Vertex.x * size.x) + UP * (p3d_Vertex.y * size.y);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
