in float v_side;
flat in vec4 v_color;
out vec4 color;

void main() {
    float alpha = v_color.a * (1.0 - v_side * v_side * v_side * v_side);
    color = vec4(v_color.rgb * alpha, alpha);
}
