// Fixed solids in their own place.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
out vec3 v_normal;
out vec3 v_offset;
out vec3 v_albedo;
out vec3 v_shine;

void main() {
    v_normal = p3d_Normal;
    // data.y: hills stand further away than they are built; the air before them is thinner.
    v_offset = (p3d_Vertex.xyz - EYE) * (1.0 - data.y);
    v_albedo = tint.rgb * (1.0 - tint.a);
    // data.x: shines only at night, by this share.
    v_shine = tint.rgb * tint.a * mix(1.0, NIGHT, data.x);
    gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex;
}
