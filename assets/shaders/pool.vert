// The light of a lamp on the ground, at night.
#include "frame.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_lamps;
in vec4 p3d_Vertex;
out vec2 v_at;
flat out vec3 v_color;

const vec3 WARM = vec3(1.0, 0.80, 0.52);
const float REACH = 8.5;

void main() {
    vec4 lamp = texelFetch(u_lamps, gl_InstanceID);
    v_at = p3d_Vertex.xy;
    vec3 at = vec3(lamp.x + v_at.x * REACH, 0.0, lamp.y + v_at.y * REACH);
    vec3 offset = vec3(lamp.x, 0.0, lamp.y) - EYE;
    float square = dot(offset.xz, offset.xz);
    // Light alone (game/post.py) has no pools: they are lit ground, and shine no further.
    v_color = WARM * (0.19 * NIGHT * step(0.001, AMBIENT_SKY.b) * FOG_RANGE * FOG_RANGE
                      / (square + FOG_RANGE * FOG_RANGE));
    gl_Position = NIGHT > 0.05 ? p3d_ModelViewProjectionMatrix * vec4(at, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
