// The face of the price board: local metres around the hub; data.xy its place on the board 0..1.
#include "hub.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
out vec2 v_at;
out vec3 v_offset;
flat out float v_far;

void main() {
    v_at = data.xy;
    vec3 at = HUB_XYZ + p3d_Vertex.xyz * HUB_SCALE;
    v_offset = at - EYE;
    v_far = smoothstep(0.10, 0.18, hub_pixel());
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
