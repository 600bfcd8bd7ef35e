"""The vocabulary: codes that columns hold, and the columns that make up each component.

A component is a tuple of columns. Units are SI as the field uses them: kW, kWh, seconds
since the scenario's start, SoC 0..1. Power and setpoints are positive when they charge the
vehicle and negative when they feed the grid. A column that points to a row of another table
holds its slot, or NONE.
"""

from __future__ import annotations

from enum import IntEnum

from entities.table import Column

NONE = -1
NAN = float("nan")
INFINITY = float("inf")


class ConnectorKind(IntEnum):
    """Connector types, spelled in scenarios by these names."""

    TYPE2 = 0
    CCS1 = 1
    CCS2 = 2
    CHADEMO = 3
    NACS = 4


ALL_PLUGS = (1 << len(ConnectorKind)) - 1
AC_PLUGS = 1 << ConnectorKind.TYPE2


class OcppVersion(IntEnum):
    V1_6 = 0
    V2_0_1 = 1
    V2_1 = 2


class Status(IntEnum):
    """Connector status, by the names of OCPP 1.6 ChargePointStatus."""

    AVAILABLE = 0
    PREPARING = 1
    CHARGING = 2
    SUSPENDED_EV = 3
    SUSPENDED_EVSE = 4
    FINISHING = 5
    RESERVED = 6
    UNAVAILABLE = 7
    FAULTED = 8


class ErrorCode(IntEnum):
    """What ails a connector, spelled as OCPP 1.6 ChargePointErrorCode."""

    NoError = 0
    ConnectorLockFailure = 1
    EVCommunicationError = 2
    GroundFailure = 3
    HighTemperature = 4
    InternalError = 5
    LocalListConflict = 6
    OtherError = 7
    OverCurrentFailure = 8
    OverVoltage = 9
    PowerMeterFailure = 10
    PowerSwitchFailure = 11
    ReaderFailure = 12
    ResetFailure = 13
    UnderVoltage = 14
    WeakSignal = 15


class Place(IntEnum):
    """Where a vehicle is."""

    AWAY = 0
    QUEUED = 1
    PLUGGED = 2


class Phase(IntEnum):
    """How far a session is."""

    PLANNED = 0
    QUEUED = 1
    ACTIVE = 2
    STOPPED = 3
    ENDED = 4
    UNSERVED = 5


class Chemistry(IntEnum):
    UNKNOWN = 0
    NMC = 1
    NCA = 2
    LFP = 3


class VehicleClass(IntEnum):
    """Body styles that the picture can tell apart."""

    COMPACT = 0
    SEDAN = 1
    SUV = 2
    VAN = 3
    BUS = 4


class Reason(IntEnum):
    """Why a plugged-in vehicle's power is what it is."""

    UNDECIDED = 0
    """Nobody has decided yet, or it is not plugged in."""
    VEHICLE = 1
    """Its charger, cells or inverter give no more."""
    CONNECTOR = 2
    """The connector's rating."""
    ZONE_LIMIT = 3
    """Its zone's import or export limit."""
    SITE_LIMIT = 4
    """The grid connection's import or export limit."""
    PRICE = 5
    """Stands by for a cheaper hour, or sells in a dear one."""
    WEAR = 6
    """Selling would not pay for the wear of its battery."""
    TARGET = 7
    """Has the energy it came for."""
    DEADLINE = 8
    """Has time to spare before it leaves, or too little of it to feed."""
    PLAN = 9
    """Holds to a plan that spreads charging over the hours ahead."""
    GRID = 10
    """Answers the grid's frequency or stress."""
    OPERATOR = 11
    """A command fixed, stopped or disabled it."""
    PHASE_LIMIT = 12
    """A limit of the three-phase network: a panel, pod or line."""
    STATION = 13
    """What its station carries for all of its connectors."""
    TRANSFORMER = 14
    """The rating of the transformer that its zone hangs behind, or a limit of the three-phase network
    that stands for a transformer's winding."""


LIMITS = (
    Column("import_limit_kw", "f8", "kW", INFINITY, "most that may be drawn from the grid"),
    Column("export_limit_kw", "f8", "kW", INFINITY, "most that may be fed to the grid"),
)

MARKET = (
    Column("base_kw", "f8", "kW", 0.0, "what the site draws besides the vehicles, as of now"),
    Column("price_buy", "f8", "currency/kWh", 0.0, "price of energy drawn, as of now"),
    Column("price_sell", "f8", "currency/kWh", 0.0, "price paid for V2G energy, as of now"),
    Column("price_feed_in", "f8", "currency/kWh", 0.0, "price paid for surplus production"),
    Column("scarcity", "f8", "currency/kWh", 0.0, "part of price_buy that is a scarcity adder"),
)

PRODUCTION = (
    Column("pv_kw", "f8", "kW AC", 0.0, "produced from sun here (hub: on the whole site)"),
    Column("wind_kw", "f8", "kW AC", 0.0, "produced from wind here (hub: on the whole site)"),
)

SURROUNDINGS = (
    Column("ambient_c", "f8", "degC", 20.0, "air temperature at the last control interval"),
    Column("co2_average", "f8", "kg/kWh", NAN, "the grid's average factor now; NaN: unknown"),
    Column("co2_marginal", "f8", "kg/kWh", NAN, "the grid's marginal factor now; NaN: unknown"),
    Column("renewable_share", "f8", "1", NAN, "renewable share of the grid now; NaN: unknown"),
)

FREQUENCY = (
    Column("frequency_hz", "f8", "Hz", NAN, "the grid's, when it was last looked at; NaN: off"),
    Column("frequency_min_hz", "f8", "Hz", NAN, "lowest so far"),
    Column("frequency_max_hz", "f8", "Hz", NAN, "highest so far"),
    Column("rocof_max_hz_per_s", "f8", "Hz/s", NAN, "fastest change so far, without its sign"),
    Column("frequency_outside_s", "f8", "s", NAN, "time outside the normal band so far"),
    Column("disturbance_mw", "f8", "MW", NAN, "generation too much (+) or lost (-), as of now"),
    Column("support_kw", "f8", "kW AC", NAN, "what vehicles give the grid beyond their plan now"),
    Column("support_up_kwh", "f8", "kWh AC", NAN, "given so far: drawn less or fed more"),
    Column("support_down_kwh", "f8", "kWh AC", NAN, "taken so far: drawn more or fed less"),
)

STRESS = (
    Column("stress", "f8", "0..1", NAN, "stress index as of the last tick; NaN: nothing tells it"),
    Column("stress_level", "i4", "sim.grid.stress.Level", 0, "low, medium, high, emergency"),
    Column("stress_by", "i4", "sim.grid.stress.LimitedBy", 0, "which figure makes it"),
)

STRESS_RECORD = (
    Column("stress_max", "f8", "0..1", 0.0, "highest stress index so far"),
    Column("low_s", "f8", "s", 0.0, "time at stress level low so far"),
    Column("medium_s", "f8", "s", 0.0, "at level medium"),
    Column("high_s", "f8", "s", 0.0, "at level high"),
    Column("emergency_s", "f8", "s", 0.0, "at level emergency"),
)

FEEDER = (
    Column("loading_pct", "f8", "%", 0.0, "transformer's apparent power over its rating"),
    Column("loading_max_pct", "f8", "%", 0.0, "highest so far"),
    Column("import_kw", "f8", "kW", 0.0, "drawn at the high-voltage side, losses included"),
    Column("losses_kw", "f8", "kW", 0.0, "in transformer and lines"),
    Column("losses_kwh", "f8", "kWh", 0.0, "the same so far"),
    Column("voltage_min_pu", "f8", "pu", 1.0, "of its nodes, as of the last tick"),
    Column("voltage_max_pu", "f8", "pu", 1.0, "the highest of its nodes"),
    Column("voltage_lowest_pu", "f8", "pu", INFINITY, "lowest so far"),
    Column("voltage_highest_pu", "f8", "pu", 0.0, "highest so far"),
    Column("line_loading_pct", "f8", "%", 0.0, "of its worst line's ampacity"),
    Column("converged", "?", "", True, "False: the last good state stands"),
    Column("top_oil_c", "f8", "degC", 20.0, "transformer's top oil"),
    Column("dh1_k", "f8", "K", 0.0, "first response of the winding, IEC 60076-7"),
    Column("dh2_k", "f8", "K", 0.0, "second response"),
    Column("hot_spot_c", "f8", "degC", 20.0, "transformer's hot-spot"),
    Column("hot_spot_max_c", "f8", "degC", -INFINITY, "highest so far"),
    Column("life_used_h", "f8", "h", 0.0, "normal insulation life used so far"),
    Column("tripped", "?", "", False, "its transformer's breaker is open"),
    Column("rating_share", "f8", "1", 1.0, "of its transformer's rating that may be used"),
    Column("lines_out", "i4", "1", 0, "how many of its lines are out"),
)

ZONE_FEEDER = (
    Column("feeder", "i4", "slot", NONE, "the feeder that its connectors hang on"),
)

CONTROL = (
    Column("strategy", "i4", "code", 0, "index into sim.strategies.NAMES"),
)

CALL = (
    Column("call_kw", "f8", "kW", NAN, "import to keep by a demand-response call; NaN: none"),
    Column("call_begins_s", "f8", "s", NAN, "from when on"),
    Column("call_ends_s", "f8", "s", NAN, "and until when"),
)

DISPATCH = (
    Column("dispatch_kw", "f8", "kW AC", NAN, "setpoint that its vehicles share; NaN: none"),
    Column("dispatch_until_s", "f8", "s", NAN, "when that ends; NaN: not by itself"),
)

STATION = (
    Column("zone", "i4", "slot", NONE, "the zone it stands in"),
    Column("ocpp", "i4", "OcppVersion", OcppVersion.V2_0_1, "protocol version it speaks"),
    Column("online", "?", "", True, "False: it has lost its connection"),
)

CONNECTOR = (
    Column("station", "i4", "slot", NONE, "the station it hangs on"),
    Column("zone", "i4", "slot", NONE, "its station's zone"),
    Column("kind", "i4", "ConnectorKind", ConnectorKind.TYPE2, "plug type"),
    Column("charge_max_kw", "f8", "kW AC", 0.0, "rated power towards the vehicle"),
    Column("discharge_max_kw", "f8", "kW AC", 0.0, "rated power towards the grid, >= 0"),
    Column("status", "i4", "Status", Status.AVAILABLE, "OCPP status but Preparing, see prepared_s"),
    Column("in_service", "?", "", True, "False: taken out of service by a command"),
    Column("powered", "?", "", True, "False: its feeder leaves it without supply"),
    Column("override_kw", "f8", "kW AC", NAN, "setpoint that a command fixed; NaN: strategy"),
    Column("held_kw", "f8", "kW AC", NAN, "setpoint that stands while it is offline; NaN: online"),
    Column("vehicle", "i4", "slot", NONE, "the vehicle plugged in"),
    Column("error", "i4", "ErrorCode", ErrorCode.NoError, "why it is Faulted"),
    Column("faulted_at_s", "f8", "s", NAN, "since when; NaN: it is not"),
    Column("prepared_s", "f8", "s", 0.0, "until when its vehicle is Preparing, whatever status says"),
    Column("reserved_for", "i4", "slot", NONE, "the vehicle it is kept for; NONE: nobody known"),
    Column("reserved_until_s", "f8", "s", NAN, "when its reservation expires; NaN: none"),
    Column("voltage_pu", "f8", "pu", NAN, "at its node as of the last tick; NaN: on no feeder"),
)

STATUS_TIMES = tuple(f"{status.name.lower()}_s" for status in Status)

NETWORK_RECORD = (
    *(Column(name, "f8", "s", 0.0, "time in that status up to booked_s") for name in STATUS_TIMES),
    Column("down_s", "f8", "s", 0.0, "time Faulted, Unavailable or offline, up to booked_s"),
    Column("booked_s", "f8", "s", 0.0, "when these times were booked last"),
    Column("faults", "i4", "1", 0, "how often it became Faulted"),
    Column("repairs", "i4", "1", 0, "how often that was cleared"),
    Column("repair_s", "f8", "s", 0.0, "time from fault to clearing, of those that were cleared"),
)

BATTERY = (
    Column("capacity_kwh", "f8", "kWh", 0.0, "usable energy from SoC 0 to 1"),
    Column("energy_min_kwh", "f8", "kWh", 0.0, "discharging stops here"),
    Column("battery_max_kw", "f8", "kW DC", 0.0, "what its charge curve gives shares of"),
    Column("battery_rated_kw", "f8", "kW DC", 0.0, "battery_max_kw where it is not cold"),
    Column("curve", "i4", "slot", NONE, "the first piece of its charge curve"),
    Column("charge_efficiency", "f8", "1", 1.0, "battery-side energy / AC energy, charging"),
    Column("discharge_efficiency", "f8", "1", 1.0, "AC energy / battery-side energy, feeding"),
    Column("chemistry", "i4", "Chemistry", Chemistry.UNKNOWN, "cell chemistry"),
    Column("wear_per_kwh", "f8", "currency/kWh", 0.0, "wear that decisions count for a kWh it gives"),
)

CURVE_PIECE = (
    Column("soc_from", "f8", "1", 0.0, "where it begins; the piece before ends there"),
    Column("soc_to", "f8", "1", 1.0, "where it ends"),
    Column("share_from", "f8", "1", 1.0, "share of battery_max_kw that cells take as it begins"),
    Column("share_to", "f8", "1", 1.0, "and as it ends; the next one may begin with another"),
    Column("slope", "f8", "1", 0.0, "share by SoC"),
    Column("least", "f8", "1", 1.0, "the lesser of the two"),
    Column("end", "i4", "slot", NONE, "the last piece of its curve"),
    Column("key", "f8", "1", 0.0, "soc_to + 2 * slot of its curve: ascending over all pieces"),
    Column("rises", "?", "", False, "the curve rises in it or after it"),
)

HEALTH = (
    Column("soh", "f8", "1", NAN, "capacity over new capacity at the last day's end; NaN: unknown"),
    Column("fade_calendar", "f8", "1", NAN, "share of the new capacity lost to time"),
    Column("fade_cycling", "f8", "1", NAN, "share lost to cycling"),
    Column("efc", "f8", "1", NAN, "equivalent full cycles since new"),
    Column("wear_cost", "f8", "currency", 0.0, "capacity lost in whole days of this run"),
    Column("v2g_wear_cost", "f8", "currency", 0.0, "V2G's part of it"),
    Column("years_left", "f8", "years", NAN, "to the end of life if all days are like the last"),
    Column("outside_tested", "?", "", False, "a day left what the ageing model was tested in"),
)

VEHICLE = (
    Column("body", "i4", "VehicleClass", VehicleClass.SEDAN, "body style"),
    Column("plugs", "i4", "bits", ALL_PLUGS, "bit 1 << ConnectorKind for each kind that fits"),
    Column("ac_charge_kw", "f8", "kW AC", 0.0, "on-board charger, at an AC connector"),
    Column("dc_charge_kw", "f8", "kW AC", 0.0, "most it draws at a DC connector"),
    Column("ac_discharge_kw", "f8", "kW AC", 0.0, "most it feeds at an AC connector, >= 0"),
    Column("dc_discharge_kw", "f8", "kW AC", 0.0, "most it feeds at a DC connector, >= 0"),
    Column("place", "i4", "Place", Place.AWAY, "where it is"),
    Column("connector", "i4", "slot", NONE, "where it is plugged in"),
    Column("session", "i4", "slot", NONE, "its present visit, or its last"),
    Column("enabled", "?", "", False, "plugged in, transaction running, connector in service"),
    Column("charge_cap_kw", "f8", "kW AC", 0.0, "most that vehicle and connector together draw"),
    Column("discharge_cap_kw", "f8", "kW AC", 0.0, "most that both together feed, >= 0"),
    Column("target_kwh", "f8", "kWh", 0.0, "energy it wants to leave with"),
    Column("deadline_s", "f8", "s", INFINITY, "when it leaves"),
)

SEGMENT = (
    Column("t0_s", "f8", "s", 0.0, "start of the running segment"),
    Column("energy0_kwh", "f8", "kWh", 0.0, "stored energy at t0"),
    Column("power0_kw", "f8", "kW DC", 0.0, "battery-side power at t0, signed"),
    Column("rate_per_h", "f8", "1/h", 0.0, "dP/dE, either sign: P(E) = power0 + rate (E - energy0)"),
    Column("crossing_s", "f8", "s", INFINITY, "when the segment ends by itself"),
    Column("crossing_kwh", "f8", "kWh", NAN, "stored energy at that moment"),
    Column("setpoint_kw", "f8", "kW AC", 0.0, "what control allows (+) or asks to feed (-)"),
    Column("reason", "i4", "Reason", Reason.UNDECIDED, "why its power is what it is"),
)

SESSION_PLAN = (
    Column("vehicle", "i4", "slot", NONE, "who visits"),
    Column("requested_connector", "i4", "slot", NONE, "where; NONE: any that fits"),
    Column("zone", "i4", "slot", NONE, "zone to look in when any connector will do; NONE: all"),
    Column("arrival_s", "f8", "s", 0.0, "planned arrival"),
    Column("departure_s", "f8", "s", 0.0, "planned departure"),
    Column("arrival_kwh", "f8", "kWh", 0.0, "stored energy on arrival"),
    Column("target_kwh", "f8", "kWh", 0.0, "stored energy wanted at departure"),
)

SESSION_RESULT = (
    Column("phase", "i4", "Phase", Phase.PLANNED, "how far it is"),
    Column("connector", "i4", "slot", NONE, "where it was plugged in"),
    Column("plugged_s", "f8", "s", NAN, "when it was plugged in"),
    Column("charged_kwh", "f8", "kWh", 0.0, "battery-side energy in, up to t0 of the segment"),
    Column("discharged_kwh", "f8", "kWh", 0.0, "battery-side energy out, >= 0"),
    Column("charged_ac_kwh", "f8", "kWh", 0.0, "energy drawn at the connector"),
    Column("discharged_ac_kwh", "f8", "kWh", 0.0, "energy fed at the connector, >= 0"),
    Column("cost", "f8", "currency", 0.0, "paid for energy drawn"),
    Column("revenue", "f8", "currency", 0.0, "earned with energy fed"),
    Column("co2_kg", "f8", "kg", 0.0, "caused by energy drawn, by the site's mix"),
    Column("co2_drawn_kg", "f8", "kg", 0.0, "energy drawn times the marginal factor"),
    Column("co2_fed_kg", "f8", "kg", 0.0, "energy fed times the marginal factor"),
    Column("peak_kw", "f8", "kW AC", 0.0, "highest |power| at the connector"),
    Column("completed_s", "f8", "s", NAN, "when the target was first reached"),
    Column("departure_kwh", "f8", "kWh", NAN, "stored energy when it left"),
)
