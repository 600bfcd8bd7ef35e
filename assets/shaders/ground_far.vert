#include "ring.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;     // on a circle whose radius is 1 + the share of the way from the grid's end to FAR
out vec3 v_color;
#ifdef SHADOWS
out vec4 v_place;       // and how much darker the shadow is
#endif

void main() {
    // Begins a little before the grid's end, so that there is no seam.
    float radius = length(p3d_Vertex.xz), near = grid_end() * 0.97;
    vec2 offset = p3d_Vertex.xz / radius * (near * pow(FAR / near, radius - 1.0));
    vec4 air = bare_ground(offset);
    v_color = air.rgb;
    vec3 at = vec3(offset.x + EYE.x, 0.0, offset.y + EYE.z);
#ifdef SHADOWS
    v_place = vec4(at, air.a * (1.0 - ground_shade()));
#endif
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
