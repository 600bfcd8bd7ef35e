// The levels of spread light as one, at the size of the finest, so that the finish takes a single tap.
uniform sampler2D u_light0;
uniform sampler2D u_light1;
uniform sampler2D u_light2;
uniform vec4 u_spread;     // shares of the three levels
in vec2 v_uv;
out vec4 color;

vec3 spread(sampler2D light) {
    vec2 texel = 0.75 / vec2(textureSize(light, 0));
    return 0.25 * (texture(light, v_uv + texel).rgb + texture(light, v_uv - texel).rgb
                   + texture(light, v_uv + vec2(texel.x, -texel.y)).rgb
                   + texture(light, v_uv + vec2(-texel.x, texel.y)).rgb);
}

void main() {
    color = vec4(spread(u_light0) * u_spread.x + spread(u_light1) * u_spread.y
                 + spread(u_light2) * u_spread.z, 1.0);
}
