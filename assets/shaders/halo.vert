// Instance 0: the core's halo. Instance 1: the beam above it, the site's link to the grid.
#include "hub.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec2 v_at;
flat out vec3 v_color;
flat out float v_beam;

void main() {
    v_at = p3d_Vertex.xy;
    vec3 energy = HUB_COLOR * HUB_ACTIVE;
    vec3 core = HUB_XYZ + vec3(0.0, CORE_Y, 0.0) * HUB_SCALE;
    vec3 at;
    v_beam = float(gl_InstanceID);
    if (gl_InstanceID == 0) {
        float size = 7.5 * (1.0 + 0.25 * alarm() * swing());
        at = core + (RIGHT * p3d_Vertex.x + UP * p3d_Vertex.y) * (size * HUB_SCALE);
        v_color = pulsing(energy) * (0.36 + 0.22 * alarm() * swing());
    } else {
        vec3 side = normalize(vec3(RIGHT.x, 0.0, RIGHT.z));
        float half_wide = max(1.05, 2.6 * hub_pixel());
        at = core + vec3(0.0, (p3d_Vertex.y * 0.5 + 0.5) * 60.0, 0.0) * HUB_SCALE
            + side * (p3d_Vertex.x * half_wide * HUB_SCALE);
        v_color = energy * 0.22;
    }
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
