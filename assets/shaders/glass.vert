// Solar cells in glass: dark, seen through a little, with the sky in them at flat angles.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec4 tint;
in vec4 data;
out vec4 v_color;

void main() {
    vec3 offset = p3d_Vertex.xyz - EYE;
    vec3 look = normalize(offset);
    float facing = abs(dot(p3d_Normal, look));
    float edge = 1.0 - facing;
    edge *= edge * edge;
    vec3 sky = mix(HORIZON, ZENITH, 0.5) + AMBIENT_SKY * 0.12;
    float alpha = 0.50 + 0.38 * edge;
    vec3 shown = mix(tint.rgb * (AMBIENT_SKY + KEY * max(dot(p3d_Normal, KEY_DIRECTION), 0.0)), sky,
                     0.10 + 0.55 * edge);
    v_color = vec4(through_air(shown, offset) * alpha, alpha);
    gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex;
}
