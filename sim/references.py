"""Files that a scenario names: whether they are there, told by the key that names them."""

from __future__ import annotations

from sim import tables
from sim.errors import InputError
from sim.grid.feeder import FEEDER_DIR
from sim.grid.phases import NETWORK_DIR


def check(scenario, source: str) -> None:
    """Raises InputError, which begins with `source` and the key, for a feeder or network that is
    neither shipped nor a file, or a data file that is not there."""
    for key, what, folder, reference in _tables(scenario):
        if reference:
            try:
                tables.find(reference, what, folder, scenario.folder)
            except InputError as error:
                raise InputError(f"{source}: {key}: {error}") from None
    for key, part in (("tariff", scenario.tariff), ("weather", scenario.weather),
                      ("carbon.marginal", getattr(scenario.carbon, "marginal", None)),
                      ("sessions", scenario.sessions)):
        file = getattr(part, "file", None)
        if file is not None and not scenario.data_path(file).exists():
            raise missing(source, f"{key}.file", file)


def missing(source: str, key: str, file: str) -> InputError:
    """What is said of a data file that is not there."""
    return InputError(f"{source}: {key}: {file}: cannot be read (no such file, neither beside the "
                      "scenario nor among the shipped data)")


def _tables(scenario):
    yield "grid.feeder", "feeder", FEEDER_DIR, scenario.grid.feeder
    for k, zone in enumerate(scenario.site.zones):
        yield f"site.zones.{k}.feeder", "feeder", FEEDER_DIR, zone.feeder
    yield "grid.network", "network", NETWORK_DIR, scenario.grid.network
