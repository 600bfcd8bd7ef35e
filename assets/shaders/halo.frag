in vec2 v_at;
flat in vec4 v_color;
out vec4 color;

void main() {
    float shine;
    if (v_color.a < 0.5) {
        shine = max(1.0 - dot(v_at, v_at), 0.0);
        shine *= shine * shine;
    } else {
        float up = 0.5 - 0.5 * v_at.y;
        shine = (1.0 - v_at.x * v_at.x) * up * up;
        shine *= shine * 2.0;
    }
    color = vec4(v_color.rgb * shine, 0.0);
}
