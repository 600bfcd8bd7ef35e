// Fixed solids in their own place.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
flat out vec3 v_color;

void main() {
    // data.y: hills stand further away than they are built; the air before them is thinner.
    vec3 offset = (p3d_Vertex.xyz - EYE) * (1.0 - data.y);
    // data.x: shines only at night, by this share.
    vec3 shine = tint.rgb * tint.a * mix(1.0, NIGHT, data.x);
    v_color = shaded(tint.rgb * (1.0 - tint.a), p3d_Normal, shine, offset);
    gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex;
}
