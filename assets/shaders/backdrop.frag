// A ground of one colour behind everything, for pictures that are cut out.
uniform vec3 u_colour;
out vec4 color;

void main() {
    color = vec4(u_colour, 1.0);
}
