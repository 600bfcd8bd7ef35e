"""The ageing models by the names that scenarios and the command line give them."""

from __future__ import annotations

from sim.battery.ageing import lfp_large, lfp_sony, nca, nmc
from sim.battery.ageing.cell import Cell

CELLS: dict[str, Cell] = {module.CELL.name: module.CELL
                          for module in (nmc, nca, lfp_large, lfp_sony)}
