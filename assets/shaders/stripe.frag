#include "shadow.glsl"
in vec4 v_at;
in vec4 v_color;
#ifdef SHADOWS
in vec4 v_place;
#endif
out vec4 color;

void main() {
    vec2 cover = clamp(v_at.zw - abs(v_at.xy), 0.0, 1.0);
    color = v_color * (cover.x * cover.y);
#ifdef SHADOWS
    color.rgb *= mix(v_place.w, 1.0, sunlit(v_place.xyz));
#endif
}
