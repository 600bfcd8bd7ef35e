// Instance 0: the core's halo. Instance 1: the beam above it, the site's link to the grid.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec2 v_at;
flat out vec4 v_color;

void main() {
    v_at = p3d_Vertex.xy;
    vec3 energy = HUB_COLOR * HUB_ACTIVE;
    vec3 core = HUB_XYZ + vec3(0.0, 8.4, 0.0) * HUB_SCALE;
    vec3 at;
    if (gl_InstanceID == 0) {
        at = core + (RIGHT * p3d_Vertex.x + UP * p3d_Vertex.y) * (7.5 * HUB_SCALE);
        v_color = vec4(energy * 0.36, 0.0);
    } else {
        vec3 side = normalize(vec3(RIGHT.x, 0.0, RIGHT.z));
        at = core + vec3(0.0, (p3d_Vertex.y * 0.5 + 0.5) * 60.0, 0.0) * HUB_SCALE
            + side * (p3d_Vertex.x * 0.85 * HUB_SCALE);
        v_color = vec4(energy * 0.22, 1.0);
    }
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
