#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec3 v_direction;
out vec3 v_low;

void main() {
    v_direction = p3d_Vertex.xyz;
    v_low = horizon(p3d_Vertex.xz * inversesqrt(dot(p3d_Vertex.xz, p3d_Vertex.xz) + 1e-5));
    gl_Position = (p3d_ModelViewProjectionMatrix * vec4(EYE + p3d_Vertex.xyz * 50.0, 1.0)).xyww;
    gl_Position.z *= 0.999999;
}
