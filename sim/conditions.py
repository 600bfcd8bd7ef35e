"""What surrounds the vehicles: prices, carbon, base load, weather, production, and their books.

All are step curves that are known when the run begins; only an operator's price and the scarcity
adder come on top as it goes. The model calls `tick` at each control interval and `enter` whenever
one of the others changes; in between nothing here moves.
"""

from __future__ import annotations

import numpy as np

from entities.world import World
from sim.carbon import carbon_of
from sim.cold import cold_factors
from sim.demand import Demand
from sim.fronts import Front, Sky
from sim.ledger import Ledger
from sim.meter import Meter
from sim.power import Power
from sim.production import Inverters, Production
from sim.scarcity import adder
from sim.scenario import Scenario
from sim.steps import Steps, base_load
from sim.tariffs import feed_in_price, prices, selling_price
from sim.timing import HOUR_S
from sim.weather import weather_of

OVERRIDE = "operator's price"


class Conditions:
    """The surroundings of one world. Curves: `buying`, `selling` (currency/kWh), `base` (kW),
    `net_load` (kW: base load less what can be produced), `zone_production` (kW: what could be
    produced in each zone), `bands` (index into `band_names`)."""

    def __init__(self, scenario: Scenario, world: World, horizon_s: float):
        self._scenario, self._world = scenario, world
        tariff = prices(scenario, horizon_s)
        self.buying, self.bands = tariff.buying, tariff.bands
        self.band_names = (*tariff.names, OVERRIDE)
        self.selling = self._selling()
        self.base = base_load(scenario, horizon_s)
        self.weather = weather_of(scenario, horizon_s)
        self.carbon = carbon_of(scenario, horizon_s)
        self.production = Production(scenario, self.weather, horizon_s)
        self._horizon_s = horizon_s
        self._foresee()
        cold = scenario.fleet.cold
        cold = scenario.weather.kind != "none" if cold is None else cold
        self._cold = cold_factors(self.weather, horizon_s) if cold else None
        self._served = 1.0
        self._fixed_until_s = 0.0
        self._scarcity = scenario.tariff.scarcity
        self._ticks = scenario.weather.kind != "none" or self._scarcity is not None
        self._tick = (0.0, 0.0)
        self._adder = 0.0

    def ambient_c(self, t_s: float) -> float:
        """Air temperature, degC: the weather's, or else the grid's own."""
        if self.weather.sun is None:
            return self._scenario.grid.ambient_c + float(self.weather.heat_k(t_s))
        return float(self.weather.temperature_c(t_s))

    def pass_over(self, front: Front) -> np.ndarray:
        """A front passes from now on. Returns when `enter` is due because of it, s, ascending."""
        self._ticks = True
        self.weather.pass_over(front)
        if self.production.present:
            self.production.foresee(self._scenario, self.weather, self._horizon_s, front.start_s)
            self._foresee()
        if self._cold is None or front.sky is not Sky.HEAT:
            return np.zeros(0)
        colder = cold_factors(self.weather, self._horizon_s)
        self._cold = self._cold.until(front.start_s, colder)
        return colder.starts[(colder.starts > front.start_s) & (colder.starts <= front.end_s + HOUR_S)]

    def shift_price(self, t_s: float, end_s: float, factor: float, add: float) -> None:
        """The buying price times `factor` and `add` more, from `t_s` until `end_s`."""
        self.buying = self.buying.mapped(t_s, end_s, lambda price: price * factor + add)
        self.selling = self._selling()

    def _foresee(self) -> None:
        """Net load and zones' production, from base load and what can be produced."""
        self.net_load = self.base
        self.zone_production = self.production.in_zones()
        if self.production.present:
            could = self.production.total()
            self.net_load = self.base.plus(Steps(could.starts, -could.values))

    def start(self, meter: Meter, power: Power) -> None:
        """Connect with who keeps count of power."""
        tariff = self._scenario.tariff
        self._meter, self._power = meter, power
        if self.weather.sun is None:
            self._world.hub.ambient_c[0] = self.ambient_c(0.0)
        meter.integrates_net = bool(tariff.demand_per_kw or tariff.scarcity)
        meter.integrates = bool(self.production.present or meter.integrates_net
                                or self._world.connector.discharge_max_kw.any())
        self.inverters = Inverters(self._world, meter, self.production)
        self.ledger = Ledger(self._world, meter)
        self.demand = Demand(self._scenario, meter) if tariff.demand_per_kw else None
        self.enter(0.0)

    def changes(self) -> np.ndarray:
        """All times at which `enter` is due, s; ascending."""
        curves = [self.buying, self.bands, self.base, self.carbon.average, self.carbon.marginal,
                  self.carbon.renewable, *([self._cold] if self._cold else [])]
        return np.unique(np.concatenate([curve.starts for curve in curves]))

    def demand_charge(self) -> float:
        """What the highest demands so far cost, currency."""
        return self._scenario.tariff.demand_per_kw * sum(self.demand.peaks().values()) if self.demand else 0.0

    def close(self, t_s: float) -> None:
        """Book the stretch behind `t_s`; sessions are settled."""
        self.ledger.book(t_s, self._band)

    def enter(self, t_s: float) -> None:
        """Write what holds from `t_s` on into the columns; the stretch behind is closed."""
        world, hub, power = self._world, self._world.hub, self._power
        power.buy, power.sell = float(self.buying.at(t_s)), float(self.selling.at(t_s))
        hub.price_buy[0], hub.price_sell[0] = power.buy, power.sell
        hub.price_feed_in[0] = feed_in_price(self._scenario, power.buy)
        hub.scarcity[0] = self._adder if t_s >= self._fixed_until_s else 0.0
        hub.base_kw[0] = self.base.at(t_s) * self._served
        self._band = int(self.bands.at(t_s))
        if self._scenario.carbon is not None:
            hub.co2_average[0] = self.carbon.average.at(t_s)
            hub.co2_marginal[0] = self.carbon.marginal.at(t_s)
            hub.renewable_share[0] = self.carbon.renewable.at(t_s)
            power.marginal = hub.co2_marginal.item(0)
        if self._cold:
            vehicle = world.vehicle
            vehicle.battery_max_kw[:] = vehicle.battery_rated_kw * self._cold.at(t_s)

    def connect(self, t_s: float, base_share: float, production: np.ndarray) -> None:
        """What of base load and production has a grid from `t_s` on: a share, and bool (zones + 1,) as
        in `Inverters.connected`. `enter` is due."""
        self._served = base_share
        if self.production.present:
            self.inverters.connected = production
            self.inverters.renew(t_s)

    def tick(self, t_s: float) -> bool:
        """A control interval begins: weather and production of the next. Returns whether the
        price changes too, so that `close` and `enter` are due."""
        if not self._ticks:
            return False
        self._world.hub.ambient_c[0] = self.ambient_c(t_s)
        if self.weather.sun is not None:
            self._power.version += 1
        if self.production.present:
            self.inverters.renew(t_s)
        spec = self._scarcity
        if spec is None:
            return False
        since, energy = self._tick
        self._tick = t_s, self._meter.net_kwh
        rating = spec.capacity_kw or self._world.hub.import_limit_kw.item(0)
        loading = 0.0
        if t_s > since:
            mean_kw = max((self._meter.net_kwh - energy) / ((t_s - since) / HOUR_S), 0.0)
            loading = mean_kw / max(rating, 1e-9)
        self._adder = adder(spec, loading) if t_s >= self._fixed_until_s else 0.0
        if self._adder:
            self.buying = self.buying.raised(t_s, t_s + self._scenario.control_interval, self._adder)
            self.selling = self._selling()
        hub = self._world.hub
        return (self.buying.at(t_s), self._adder) != (hub.price_buy.item(0), hub.scarcity.item(0))

    def override_price(self, t_s: float, end_s: float, price: float) -> None:
        """An operator's price from `t_s` until `end_s`; no adder comes on top."""
        self.buying = self.buying.override(t_s, end_s, price)
        self.bands = self.bands.override(t_s, end_s, len(self.band_names) - 1)
        self.selling = self._selling()
        self._fixed_until_s = max(self._fixed_until_s, end_s)

    def _selling(self) -> Steps:
        return Steps(self.buying.starts, selling_price(self._scenario, self.buying.values))
