#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec2 v_at;
out vec4 v_air;
#ifdef SHADOWS
out vec3 v_place;
#endif

const float CELL = 5.0;
// A little below the slabs, which are drawn first and hide it: covered pixels are not shaded.
const float SUNK = 0.04;

void main() {
    vec3 at = vec3(p3d_Vertex.x + EYE.x, -SUNK, p3d_Vertex.z + EYE.z);
    v_at = at.xz / CELL;
#ifdef SHADOWS
    v_place = at;
#endif
    float square = dot(p3d_Vertex.xz, p3d_Vertex.xz);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    v_air = vec4(horizon(p3d_Vertex.xz * inversesqrt(square + 1e-4)) * haze + GROUND * (1.0 - haze),
                 1.0 - haze);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
