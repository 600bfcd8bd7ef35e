// Tone mapping, after light has spread. Below the knee nothing changes, so that the picture is
// the same without this pass; above it colours close in on white without losing their hue.
#ifdef BLOOM
uniform sampler2D u_light0;
uniform sampler2D u_light1;
uniform sampler2D u_light2;
uniform vec4 u_spread;     // shares of the three levels
#endif
uniform sampler2D u_picture;
in vec2 v_uv;
out vec4 color;

const float KNEE = 0.85;

#ifdef BLOOM
vec3 spread(sampler2D light) {
    vec2 texel = 0.75 / vec2(textureSize(light, 0));
    return 0.25 * (texture(light, v_uv + texel).rgb + texture(light, v_uv - texel).rgb
                   + texture(light, v_uv + vec2(texel.x, -texel.y)).rgb
                   + texture(light, v_uv + vec2(-texel.x, texel.y)).rgb);
}
#endif

void main() {
    vec3 shown = texture(u_picture, v_uv).rgb;
#ifdef BLOOM
    vec3 halo = spread(u_light0) * u_spread.x + spread(u_light1) * u_spread.y
        + spread(u_light2) * u_spread.z;
    // Light falls on what is dark; where it is bright already it adds little.
    shown += halo * (1.0 - clamp(shown, 0.0, 1.0) * 0.8);
#endif
    float most = max(max(shown.r, shown.g), shown.b);
    if (most > KNEE) shown *= (KNEE + (1.0 - KNEE) * tanh((most - KNEE) / (1.0 - KNEE))) / most;
    // The half-step dither keeps the night gradient free of bands.
    shown += (fract(dot(gl_FragCoord.xy, vec2(0.7548777, 0.5698403))) - 0.5) / 255.0;
    color = vec4(shown, 1.0);
}
