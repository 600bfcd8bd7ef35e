// Lines of constant or least thickness in the air: overhead wires, the selection's corners.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;     // direction of the line
in vec4 tint;
in vec4 data;           // side, metres half thick, pixels half thick at least
out float v_side;
out vec4 v_color;          // premultiplied

void main() {
    vec3 offset = p3d_Vertex.xyz - EYE;
    float least = PIXEL * length(offset) * data.z;
    float wide = max(data.y, least);
    vec3 across = normalize(cross(p3d_Normal, offset));
    vec3 at = p3d_Vertex.xyz + across * (data.x * wide);
    v_side = data.x;
    float alpha = tint.a * min(data.y / least, 1.0);
    v_color = vec4(through_air(tint.rgb * AMBIENT_SKY, offset) * alpha, alpha);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
