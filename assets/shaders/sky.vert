#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec3 v_direction;

void main() {
    v_direction = p3d_Vertex.xyz;
    gl_Position = (p3d_ModelViewProjectionMatrix * vec4(EYE + p3d_Vertex.xyz * 50.0, 1.0)).xyww;
    gl_Position.z *= 0.999999;
}
