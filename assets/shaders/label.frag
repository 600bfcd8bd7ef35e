uniform sampler2D u_atlas;
in vec2 v_uv;
in vec2 v_from_center;
flat in vec4 v_color;
flat in vec3 v_plate;
out vec4 color;

void main() {
    float cover;
    if (v_plate.z > 0.0) {
        vec2 q = abs(v_from_center) - v_plate.xy + v_plate.z;
        cover = clamp(0.5 + v_plate.z - length(max(q, 0.0)) - min(max(q.x, q.y), 0.0), 0.0, 1.0);
    } else {
        cover = texture(u_atlas, v_uv).r;
    }
    float alpha = cover * v_color.a;
    color = vec4(v_color.rgb * alpha, alpha);
}
