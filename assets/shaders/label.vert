// Text of constant pixel size: three texels a glyph, its anchor, its pixels, its place in the
// atlas, then its colour. Painted in instance order: plates first.
#include "frame.glsl"
#include "bundle.glsl"
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform samplerBuffer u_glyphs;
uniform float u_strip;     // share of the height that the panels at the top take
in vec4 p3d_Vertex;
out vec2 v_uv;
out vec2 v_from_center;
flat out vec4 v_color;
flat out vec3 v_plate;  // half size in pixels, corner radius; 0: a glyph

void main() {
    int one = one_of_all(p3d_Vertex.z);
    vec4 anchor = texelFetch(u_glyphs, one * 4);
    vec4 box = texelFetch(u_glyphs, one * 4 + 1);
    vec4 uv = texelFetch(u_glyphs, one * 4 + 2);
    v_color = texelFetch(u_glyphs, one * 4 + 3);
    vec4 clip = p3d_ModelViewProjectionMatrix * vec4(anchor.xyz, 1.0);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    if (clip.w <= 0.0 || v_color.a <= 0.0) return;
    vec2 place = clip.xy / clip.w * 0.5 + 0.5;
    // The strip takes the top edge: labels stay below it, until their anchor is well out of sight.
    if (place.y > 1.1) return;
    place.y = min(place.y, 1.0 - u_strip);
    vec2 share = p3d_Vertex.xy * 0.5 + 0.5;
    // Whole pixels keep the glyphs crisp.
    vec2 pixel = floor(place * VIEWPORT + 0.5) + mix(box.xy, box.zw, share);
    v_uv = mix(uv.xy, uv.zw, share);
    v_plate = anchor.w > 0.0 ? vec3((box.zw - box.xy) * 0.5, anchor.w) : vec3(0.0);
    v_from_center = p3d_Vertex.xy * v_plate.xy;
    gl_Position = vec4(pixel / VIEWPORT * 2.0 - 1.0, 0.0, 1.0);
}
