// Opaque flat areas: their light and air are worked out at the corners, so that the many pixels
// they cover cost next to nothing. data: how much of the hub's light falls here, layer from below.
#include "frame.glsl"
#include "layer.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec4 tint;
in vec4 data;
out vec3 v_color;
#ifdef SHADOWS
out vec3 v_dark;
out vec3 v_at;
#endif

void main() {
    vec3 pool = HUB_COLOR * (data.x * HUB_ACTIVE);
    v_color = through_air(tint.rgb * ground_light() + pool, p3d_Vertex.xyz - EYE);
#ifdef SHADOWS
    v_dark = through_air(tint.rgb * AMBIENT_SKY + pool, p3d_Vertex.xyz - EYE);
    v_at = p3d_Vertex.xyz;
#endif
    gl_Position = layered(p3d_ModelViewProjectionMatrix * p3d_Vertex, data.y);
}
