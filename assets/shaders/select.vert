// Corner brackets around the selected box and a ring on the ground. data: 0 bracket (p3d_Vertex is
// the corner's signs, tint.xyz the arm in metres), 1 ring (p3d_Vertex.x: angle).
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform vec4 u_box[2];  // centre and heading, half extents
in vec4 p3d_Vertex;
in vec4 tint;
in vec4 data;           // kind, side, 0, 0
out float v_side;
flat out vec4 v_color;

void main() {
    vec3 half_size = u_box[1].xyz;
    vec3 at, along;
    if (data.x < 0.5) {
        at = u_box[0].xyz + turned(p3d_Vertex.xyz * half_size + tint.xyz * min(half_size, vec3(0.5)) * 1.1, u_box[0].w);
        along = turned(vec3(data.z, data.w, 1.0 - data.z - data.w), u_box[0].w);
        v_color = vec4(TEXT, 0.95);
    } else {
        float radius = length(half_size.xz) + 0.25;
        vec3 way = vec3(cos(p3d_Vertex.x), 0.0, sin(p3d_Vertex.x));
        at = vec3(u_box[0].x, 0.06, u_box[0].z) + way * radius;
        along = vec3(-way.z, 0.0, way.x);
        v_color = vec4(TEXT, 0.4);
    }
    vec3 offset = at - EYE;
    float wide = max(0.02, PIXEL * length(offset) * 1.3);
    at += normalize(cross(along, offset)) * (data.y * wide);
    v_side = data.y;
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
