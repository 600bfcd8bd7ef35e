// Flat rounded or soft rectangles on the ground, and cables that shine. Four texels each: centre and turn, half extents
// with corner radius and softness, colour, how much it shines. Painted in instance order.
#include "frame.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_decals;
uniform int u_first;
uniform samplerBuffer u_trenches;
in vec4 p3d_Vertex;
out vec2 v_local;
flat out vec4 v_shape;
flat out vec4 v_color;
out vec4 v_air;
flat out vec3 v_flow;   // of a cable: way (1 along it), marks a metre, their phase
#ifdef SHADOWS
out vec3 v_place;
flat out float v_shade;
#endif

void main() {
    int one = u_first + one_of_all(p3d_Vertex.z);
    vec4 place = texelFetch(u_decals, one * 4);
    v_shape = texelFetch(u_decals, one * 4 + 1);
    vec4 paint = texelFetch(u_decals, one * 4 + 2);
    if (paint.a <= 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    vec4 more = texelFetch(u_decals, one * 4 + 3);
    // Paint takes the light of the ground; more.x lifts it towards shining by itself.
    v_color = vec4(paint.rgb * mix(ground_light(), vec3(1.0), more.x), paint.a);
    v_flow = vec3(0.0);
    // more.y: 1 + number of the trench whose energy it shines with.
    if (more.y > 0.5) {
        float kw = texelFetch(u_trenches, int(more.y) - 1).r;
        v_color = vec4(kw < 0.0 ? TO_GRID : FROM_GRID,
                       abs(kw) > 0.05 ? paint.a * (0.35 + 0.65 * strength(kw)) : 0.0);
        v_shape.x *= (0.6 + 2.2 * strength(kw)) * FLOW_WIDTH;
        v_flow = vec3(kw < 0.0 ? 1.0 : -1.0, 0.3 / HUB_SCALE, fract(REAL_S * 0.7));
    }
    float pad = v_shape.w + PIXEL * distance(EYE, vec3(place.x, 0.0, place.y)) * 1.5;
    v_local = p3d_Vertex.xy * (v_shape.xy + min(pad, 4.0));
    vec3 at = vec3(place.x, 0.0, place.y) + vec3(v_local.x * place.w + v_local.y * place.z, 0.0,
                                                v_local.y * place.w - v_local.x * place.z);
#ifdef SHADOWS
    v_place = at;
    v_shade = more.y > 0.5 ? 1.0 : mix(ground_shade(), 1.0, more.x);
#endif
    vec3 offset = at - EYE;
    float square = dot(offset.xz, offset.xz);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    v_air = vec4(horizon(offset.xz * inversesqrt(square + 1e-4)) * haze, 1.0 - haze);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
