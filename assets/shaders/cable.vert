// A cable from the post to the vehicle's port, hanging; energy runs along it as light.
#include "vehicle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_posts;
in vec4 p3d_Vertex;     // share along, side -1, 0 or 1, 0
out vec3 v_color;

void main() {
    int row = row_of(gl_InstanceID);
    if (row < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    Vehicle v = vehicle(row);
    if (v.connector < 0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    vec4 post = texelFetch(u_posts, v.connector);
    vec3 a = vec3(post.x, 0.0, post.y) + turned(vec3(0.0, 0.98, 0.13), post.z);
    vec3 out_of_post = turned(vec3(0.12, -0.75, 0.55), post.z);
    vec3 d = v.xyz + outward(v, vec3(-v.half_size.x * 0.93, v.half_size.y * 0.5, -v.half_size.z * 0.74));
    vec3 out_of_port = outward(v, vec3(-0.55, -0.45, -0.1));
    vec3 b = a + out_of_post, c = d + out_of_port;
    float s = p3d_Vertex.x, r = 1.0 - s;
    vec3 at = r * r * r * a + 3.0 * r * r * s * b + 3.0 * r * s * s * c + s * s * s * d;
    vec3 along = normalize(r * r * (b - a) + 2.0 * r * s * (c - b) + s * s * (d - c) + vec3(1e-5));
    at.y = max(at.y, 0.04);
    vec3 offset = at - EYE;
    // The half of a tube that the eye sees: its edges, and the middle, which bulges towards it.
    vec3 across = normalize(cross(along, offset)), front = normalize(cross(across, along));
    if (dot(front, offset) > 0.0) front = -front;
    vec3 normal = p3d_Vertex.y == 0.0 ? front : across * p3d_Vertex.y;
    at += normal * max(0.030, PIXEL * length(offset) * 0.55);
    float flow = strength(v.ac_kw);
    float pulse = fract(s * 1.5 + REAL_S * 0.9 * sign(v.ac_kw));
    vec3 shine = state_color(v) * (flow > 0.0 ? 0.22 + 0.6 * flow * pulse * pulse : 0.0);
    v_color = shaded(vec3(0.06, 0.065, 0.08), normal, shine, offset);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
