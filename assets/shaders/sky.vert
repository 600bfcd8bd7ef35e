#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec3 v_direction;
out vec3 v_low;

void main() {
    v_direction = p3d_Vertex.xyz;
    // Down to the last of the ground that lies within the camera's range, and hardly further.
    if (v_direction.y < 0.0) v_direction.y = -max(EYE.y, 1.0) / 5200.0 - 0.004;
    v_low = horizon(p3d_Vertex.xz * inversesqrt(dot(p3d_Vertex.xz, p3d_Vertex.xz) + 1e-5));
    gl_Position = (p3d_ModelViewProjectionMatrix * vec4(EYE + v_direction * 50.0, 1.0)).xyww;
}
