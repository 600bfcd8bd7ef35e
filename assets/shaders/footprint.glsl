// How far a pixel reaches on level ground (m) along two directions there (unit xz), at `offset` from
// the eye. Worked out at corners, since derivatives would have to be at every pixel.
vec2 footprint(vec3 offset, vec2 one, vec2 other) {
    vec3 forward = cross(RIGHT, UP);
    float deep = max(abs(dot(offset, forward)), 0.01);
    vec2 aside = RIGHT.xz, ahead = UP.xz - offset.xz * (UP.y / min(offset.y, -0.01));
    return deep * PIXEL * vec2(abs(dot(aside, one)) + abs(dot(ahead, one)),
                               abs(dot(aside, other)) + abs(dot(ahead, other)));
}
