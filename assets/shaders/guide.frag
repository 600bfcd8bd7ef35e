in vec4 v_light;
in float v_side;
out vec4 color;

void main() {
    float cover = 1.0 - v_side * v_side;
    color = v_light * (cover * (1.5 - 0.5 * cover));
}
