// The turbine's rotor: it turns at one speed while there is wind, as such machines do.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_made;
uniform vec3 u_axle;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
flat out vec3 v_color;

const float TURN_PER_S = 1.7;

vec3 spun(vec3 v, float angle) {
    float s = sin(angle), c = cos(angle);
    return vec3(v.x * c + v.y * s, v.y * c - v.x * s, v.z);
}

void main() {
    float angle = texelFetch(u_made, 0).r > 0.0 ? mod(REAL_S * TURN_PER_S, 6.2831853) : 0.35;
    vec3 at = u_axle + spun(p3d_Vertex.xyz, angle);
    vec3 offset = at - EYE;
    vec3 normal = spun(p3d_Normal, angle);
    if (dot(normal, offset) > 0.0) normal = -normal;
    v_color = shaded(tint.rgb, normal, vec3(0.0), offset);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
