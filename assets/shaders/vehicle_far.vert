// Bodies that are not near: their light is worked out at their corners.
#include "body.glsl"
#include "paint.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec3 v_color;

void main() {
    int row = instance_row(gl_InstanceID);
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
