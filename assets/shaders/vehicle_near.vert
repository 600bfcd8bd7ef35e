#include "body.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec3 v_normal;
out vec3 v_offset;
flat out vec3 v_albedo;
flat out vec3 v_shine;
flat out vec2 v_gloss;
flat out vec4 v_air;

void main() {
    int row = row_of(gl_InstanceID);
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    Vehicle v = vehicle(row);
    Corner corner = corner_of(v, int(p3d_Vertex.x));
    v_normal = corner.normal;
    v_offset = corner.at - EYE;
    v_air = air_before(v);
    surface(v, corner.material, 1.0, v_albedo, v_shine, v_gloss);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(corner.at, 1.0);
}
