in vec3 v_at;
flat in vec4 v_color;
flat in float v_cover;
out vec4 color;

void main() {
    // A drop: round in front, pointed behind, brightest in the head's middle.
    float across = v_at.z * v_at.z, ahead = max(v_at.x, 0.0), wide = 1.0 - max(v_at.y, 0.0);
    float light = max(wide * wide - ahead * ahead - across, 0.0) * 1.1 * v_color.a;
    float hot = max(1.0 - v_at.x * v_at.x - across, 0.0);
    hot *= hot;
    hot *= hot;
    color = vec4(v_color.rgb * light + hot * 0.8 * v_color.a, min(light * v_cover, 1.0));
}
