// Bodies that are not near: their light is worked out at their corners, or at one for a whole face.
#include "body.glsl"
#include "paint.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
#ifdef FACETED
flat out vec3 v_color;
#else
out vec3 v_color;
#endif

void main() {
    int row = row_of(one_of_all(p3d_Vertex.z));
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    Vehicle v = vehicle(row);
    Corner corner = corner_of(v, int(p3d_Vertex.x));
    vec3 albedo, shine;
    vec2 gloss;
    surface(v, corner.material, 0.0, albedo, shine, gloss);
    vec4 air = air_before(v);
    v_color = painted(corner.normal, normalize(corner.at - EYE), albedo, shine, gloss, KEY) * air.a + air.rgb;
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(corner.at, 1.0);
}
