in vec2 v_at;
flat in vec3 v_color;
out vec4 color;

void main() {
    float shine = max(1.0 - dot(v_at, v_at), 0.0);
    shine *= shine;
    color = vec4(v_color * (shine * shine * 0.9 + shine * 0.12), shine * 0.15);
}
