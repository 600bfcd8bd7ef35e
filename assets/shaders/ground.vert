#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec2 v_at;

void main() {
    vec3 at = vec3(p3d_Vertex.x + EYE.x, 0.0, p3d_Vertex.z + EYE.z);
    v_at = at.xz;
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
