// What carries solar cells and rotors. tint.a shines in the colour of renewable energy by the share
// that zone data.x - 1 makes of its peak; data.x -1 is the wind.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_made;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
flat out vec3 v_color;

void main() {
    float share = tint.a > 0.0 ? texelFetch(u_made, max(int(data.x), 0)).r : 0.0;
    vec3 shine = RENEWABLE * (tint.a * share);
    v_color = shaded(tint.rgb, p3d_Normal, shine, p3d_Vertex.xyz - EYE);
    gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex;
}
