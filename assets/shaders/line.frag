in float v_side;
in vec4 v_color;
out vec4 color;

void main() {
    color = v_color * (1.0 - v_side * v_side);
}
