// What an overlay and a view mode make of vehicles and stations: the quantity that is read off each,
// and how far what it is not about steps back.
// Of game/scene/readings.py, and of game/ui/notes.py: three limits part four steps of the ramp.
const vec3 SOC_STEPS = vec3(0.2, 0.5, 0.8), SOH_STEPS = vec3(0.8, 0.9, 0.95),
    LOAD_STEPS = vec3(0.02, 0.75, 1.25), VOLTAGE_STEPS = vec3(0.94, 0.97, 1.03);
// Characters of a plate, by overlay; each is 0.45 of half the height wide on either side.
const float PLATE_CHARS[8] = float[8](0.0, 4.0, 3.0, 4.0, 5.0, 5.0, 4.0, 0.0);

// One quantity: as a number with so many decimals, and as a share of a bar.
struct Reading {
    float value;
    int decimals;
    bool plus;        // whether a plus is written
    float share;
    vec3 color;
    bool known;
};

int step_of(float value, vec3 limits) {
    return int(value >= limits.x) + int(value >= limits.y) + int(value >= limits.z);
}

bool about_vehicles() {
    return OVERLAY == OVERLAY_FLOW || OVERLAY == OVERLAY_SOC || OVERLAY == OVERLAY_PRICE || OVERLAY == OVERLAY_HEALTH;
}

bool about_stations() {
    return OVERLAY == OVERLAY_LOAD || OVERLAY == OVERLAY_VOLTAGE || OVERLAY == OVERLAY_CONNECTIVITY
        || OVERLAY == 0 && VIEW == VIEW_OCPP;
}

// Half width and half height (m) of a number's plate where a pixel is so many metres.
vec2 plate_half(float pixel) {
    float high = clamp(8.5 * pixel, 0.17, 0.50);
    return vec2(high * (0.45 * PLATE_CHARS[OVERLAY] + 0.30), high);
}

// In and out have the colours they have everywhere; more is brighter.
vec3 signed_color(float toward_grid, float share) {
    if (toward_grid == 0.0) return QUIET * 0.45;
    return (toward_grid > 0.0 ? TO_GRID : FROM_GRID) * (0.55 + 0.45 * share);
}

Reading vehicle_reading(Vehicle v) {
    Reading r = Reading(0.0, 0, false, 0.0, QUIET * 0.45, true);
    bool flows = abs(v.ac_kw) > 0.05;
    if (OVERLAY == OVERLAY_FLOW) {
        r.value = v.ac_kw;
        r.decimals = abs(v.ac_kw) < 9.95 && flows ? 1 : 0;
        r.plus = true;
        r.share = flows ? strength(v.ac_kw) : 0.0;
        r.color = signed_color(flows ? -v.ac_kw : 0.0, r.share);
    } else if (OVERLAY == OVERLAY_PRICE) {
        // Earned is +, paid is -; below no price either may be turned round.
        r.value = flows ? -v.ac_kw * (v.ac_kw > 0.0 ? PRICE_BUY : PRICE_SELL) : 0.0;
        r.decimals = abs(r.value) < 9.995 ? 2 : abs(r.value) < 99.95 ? 1 : 0;
        if (abs(r.value) < 0.005) { r.value = 0.0; r.decimals = 0; }
        r.plus = true;
        r.share = min(abs(r.value) / MONEY_FULL, 1.0);
        r.color = signed_color(r.value, r.share);
    } else if (OVERLAY == OVERLAY_SOC) {
        r.value = v.soc * 100.0;
        r.share = v.soc;
        r.color = u_ramp[step_of(v.soc, SOC_STEPS)].rgb;
    } else {
        r.value = v.soh * 100.0;
        r.decimals = 1;
        r.known = v.soh > 0.0;
        // From 70 to 100 %.
        r.share = clamp((v.soh - 0.7) / 0.3, 0.0, 1.0);
        r.color = r.known ? u_ramp[step_of(v.soh, SOH_STEPS)].rgb : QUIET * 0.3;
    }
    return r;
}

// Of a station: `voltage` (pu, below 0 unknown) is that of its connector furthest off nominal.
Reading station_reading(float net_kw, float share, float voltage) {
    Reading r = Reading(0.0, 0, false, 0.0, QUIET * 0.45, true);
    if (OVERLAY == OVERLAY_VOLTAGE) {
        r.value = voltage;
        r.decimals = 3;
        r.known = voltage >= 0.0;
        // From 0.90 to 1.10, nominal in the middle.
        r.share = r.known ? clamp((voltage - 0.9) / 0.2, 0.0, 1.0) : 0.0;
        r.color = !r.known ? QUIET * 0.3 : voltage < 0.5 ? FAULT : u_ramp[step_of(voltage, VOLTAGE_STEPS)].rgb;
    } else {
        r.value = net_kw;
        r.decimals = abs(net_kw) < 9.95 && abs(net_kw) > 0.05 ? 1 : 0;
        r.plus = true;
        r.share = clamp(share * 0.5, 0.0, 1.0);
        r.color = u_ramp[step_of(share, LOAD_STEPS)].rgb;
    }
    return r;
}

// A vehicle's paint as the view has it; `detail` is 1 for a full body.
vec3 shown_paint(Vehicle v, vec3 paint, float detail) {
    if (about_vehicles()) return vehicle_reading(v).color * 0.8;
    if (about_stations()) return mix(vec3(dot(paint, vec3(0.33))), QUIET, 0.3) * 0.3;
    if (VIEW == VIEW_V2G) {
        // Under the view's lower light: who feeds has the colour of it, who could has its paint as bright
        // as ever, and who cannot is a dark shape.
        if (!v.v2g) return vec3(dot(paint, vec3(0.04)));
        return v.state == S_FEEDING ? mix(paint, TO_GRID, 0.6) * mix(1.1, 1.9, NIGHT) : mix(paint, vec3(0.8), 0.5) * 1.6;
    }
    if (VIEW == VIEW_PERFORMANCE) return u_ramp[detail > 0.5 ? 3 : 1].rgb * 0.7;
    return paint;
}

// How much of a vehicle's own light is left.
float vehicle_light() {
    return about_stations() || VIEW == VIEW_PERFORMANCE ? 0.25 : 1.0;
}
