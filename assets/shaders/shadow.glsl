// How much of the key light reaches a place, 0..1, by the map of game/scene/shadows.py.
#ifdef SHADOWS
uniform mat4 u_shadow[1];
uniform sampler2DShadow u_shadow_map;

// Each tap is four texels, weighted; two of them soften an edge over about two.
const vec2 TAP = vec2(0.6, 0.35);

float sunlit(vec3 at) {
    vec3 p = (u_shadow[0] * vec4(at, 1.0)).xyz;
    vec2 side = abs(p.xy - 0.5);
    float texel = 1.0 / float(textureSize(u_shadow_map, 0).x);
    float lit = texture(u_shadow_map, vec3(p.xy + TAP * texel, p.z))
        + texture(u_shadow_map, vec3(p.xy - TAP * texel, p.z));
    // The map fades out towards its edge; beyond, all is lit.
    return mix(lit * 0.5, 1.0, smoothstep(0.46, 0.499, max(side.x, side.y)));
}

// The same for a surface that throws shadows itself: seen from a little outside of it.
float sunlit(vec3 at, vec3 normal) {
    float metres = 1.0 / (length(vec3(u_shadow[0][0].x, u_shadow[0][1].x, u_shadow[0][2].x)) * float(textureSize(u_shadow_map, 0).x));
    return sunlit(at + normal * (0.04 + 1.6 * metres));
}
#endif
