// Opaque flat areas: their light and air are worked out at the corners, so that the many pixels
// they cover cost next to nothing. data.x: how much of the hub's light falls here.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec4 tint;
in vec4 data;
out vec3 v_color;

void main() {
    vec3 light = AMBIENT_SKY + mix(vec3(dot(KEY, vec3(0.333))), KEY, 0.5) * max(KEY_DIRECTION.y, 0.0);
    vec3 shown = tint.rgb * light + HUB_COLOR * (data.x * HUB_ACTIVE);
    v_color = through_air(shown, p3d_Vertex.xyz - EYE);
    gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex;
}
