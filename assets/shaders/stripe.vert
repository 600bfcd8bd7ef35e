// Painted lines: straight rectangles on the ground, texels as in decal.vert. One that is thinner than a
// pixel is drawn as wide as one, and as much fainter.
#include "frame.glsl"
#include "footprint.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_decals;
in vec4 p3d_Vertex;
out vec4 v_at;          // across and along, and where cover ends, in pixels
out vec4 v_color;       // premultiplied
#ifdef SHADOWS
out vec4 v_place;       // and what light is left in shadow
#endif

void main() {
    int one = one_of_all(p3d_Vertex.z);
    vec4 place = texelFetch(u_decals, one * 4);
    vec4 size = texelFetch(u_decals, one * 4 + 1);
    vec4 paint = texelFetch(u_decals, one * 4 + 2);
    if (paint.a <= 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    float shine = texelFetch(u_decals, one * 4 + 3).x;
    vec2 along = place.zw, across = vec2(along.y, -along.x);
    vec3 corner = vec3(place.x, 0.0, place.y);
    corner.xz += across * (p3d_Vertex.x * size.x) + along * (p3d_Vertex.y * size.y);
    vec2 foot = footprint(corner - EYE, across, along);
    vec2 least = max(size.xy, 0.5 * foot);
    vec2 reach = least + 0.5 * foot;
    vec3 at = corner + vec3(across.x, 0.0, across.y) * (p3d_Vertex.x * (reach.x - size.x))
        + vec3(along.x, 0.0, along.y) * (p3d_Vertex.y * (reach.y - size.y));
    v_at = vec4(p3d_Vertex.xy * reach, reach) / foot.xyxy;
    vec3 offset = at - EYE;
    float square = dot(offset.xz, offset.xz);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    float alpha = paint.a * (size.x / least.x) * (size.y / least.y);
    vec3 lit = paint.rgb * mix(ground_light(), vec3(1.0), shine);
    v_color = vec4((lit * (1.0 - haze) + horizon(offset.xz * inversesqrt(square + 1e-4)) * haze) * alpha, alpha);
#ifdef SHADOWS
    v_place = vec4(at, mix(ground_shade(), 1.0, shine));
#endif
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(at, 1.0);
}
