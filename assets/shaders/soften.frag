// Half the size, a little softer: four linear taps around the middle.
uniform sampler2D u_picture;
in vec2 v_uv;
out vec4 color;

void main() {
    vec2 texel = 1.0 / vec2(textureSize(u_picture, 0));
    vec3 sum = 4.0 * texture(u_picture, v_uv).rgb;
    sum += texture(u_picture, v_uv + texel).rgb + texture(u_picture, v_uv - texel).rgb;
    sum += texture(u_picture, v_uv + vec2(texel.x, -texel.y)).rgb;
    sum += texture(u_picture, v_uv + vec2(-texel.x, texel.y)).rgb;
    color = vec4(sum * 0.125, 1.0);
}
