// Tone mapping, after light has spread. Below the knee nothing changes, so that the picture is
// the same without this pass; above it colours close in on white without losing their hue.
uniform sampler2D u_picture;
#ifdef BLOOM
uniform sampler2D u_halo;
#endif
in vec2 v_uv;
out vec4 color;

const float KNEE = 0.85;

vec3 picture() {
#ifdef SAME_SIZE
    return texelFetch(u_picture, ivec2(v_uv * vec2(textureSize(u_picture, 0))), 0).rgb;
#else
    return texture(u_picture, v_uv).rgb;
#endif
}

void main() {
    vec3 shown = picture();
#ifdef BLOOM
    // Light falls on what is dark; where it is bright already it adds little.
    shown += texture(u_halo, v_uv).rgb * (1.0 - clamp(shown, 0.0, 1.0) * 0.8);
#endif
    float most = max(max(shown.r, shown.g), shown.b);
    float above = min(max(most - KNEE, 0.0) / (1.0 - KNEE), 3.0);
    // Within 0.03 of tanh, and cheaper: 1 where three times the knee's width is reached.
    float closed = above * (27.0 + above * above) / (27.0 + 9.0 * above * above);
    shown *= most > KNEE ? (KNEE + (1.0 - KNEE) * closed) / most : 1.0;
    // The half-step dither keeps the night gradient free of bands.
    shown += (fract(dot(gl_FragCoord.xy, vec2(0.7548777, 0.5698403))) - 0.5) / 255.0;
    color = vec4(shown, 1.0);
}
