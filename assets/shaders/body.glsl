// A vehicle's body: a vertex of its style's table, where it stands, and what it is made of.
#include "vehicle.glsl"
uniform int u_first;
uniform int u_vertices;

struct Corner {
    vec3 at;
    vec3 normal;
    int material;   // as in game/scene/bodies.py
};

Corner corner_of(Vehicle v, int number) {
    int texel = u_first + (v.body * u_vertices + number) * 2;
    vec4 corner = texelFetch(u_shapes, texel);
    return Corner(v.xyz + outward(v, corner.xyz), outward(v, texelFetch(u_shapes, texel + 1).xyz), int(corner.w));
}

// What the air adds, and how much comes through it; one for the whole body.
vec4 air_before(Vehicle v) {
    vec2 away = v.xyz.xz - EYE.xz;
    float square = dot(away, away);
    float haze = square / (square + FOG_RANGE * FOG_RANGE);
    return vec4(horizon(away * inversesqrt(square + 1e-4)) * haze, 1.0 - haze);
}

// `detail` is 1 for a full body.
void surface(Vehicle v, int material, float detail, out vec3 albedo, out vec3 shine, out vec2 gloss) {
    // Counted from where the first few rows happen to get many paints.
    vec3 paint = shown_paint(v, PAINTS[int(hash(uint(2 * (v.row + 1598))) * 7.999)], detail);
    vec3 glow = about_vehicles() ? paint * (0.10 + 0.14 * NIGHT) : vec3(0.0);
    shine = vec3(0.0);
    gloss = vec2(0.0, 0.0);
    if (material == 0) { albedo = paint; shine = glow; gloss = vec2(0.05, 0.42); }
    else if (material == 1) { albedo = vec3(0.035, 0.045, 0.06); gloss = vec2(0.10, 0.75); }
    else if (material == 2) { albedo = vec3(0.055, 0.06, 0.07); gloss = vec2(0.02, 0.12); }
    else if (material == 3) { albedo = vec3(0.035); }
    else if (material == 4) { albedo = vec3(0.42, 0.44, 0.47); gloss = vec2(0.06, 0.2); }
    else if (material == 5) {
        albedo = vec3(0.5); gloss = vec2(0.1, 0.4);
        shine = vec3(0.85, 0.92, 1.0) * NIGHT * 0.45;
    } else if (material == 6) {
        albedo = vec3(0.26, 0.03, 0.04); gloss = vec2(0.05, 0.4);
        shine = vec3(0.55, 0.05, 0.06) * NIGHT * 0.6;
    } else if (material == 8) {
        // From afar the roof of every vehicle tells its state; what is idle stays dark.
        albedo = paint;
        shine = state_color(v) * (v.state == S_IDLE || about_vehicles() ? 0.03 : 0.4 * strip(v));
    } else if (v.v2g) {
        albedo = paint * 0.35;
        shine = state_color(v) * strip(v);
    } else { albedo = paint * 0.8; shine = glow; gloss = vec2(0.05, 0.42); }
}
