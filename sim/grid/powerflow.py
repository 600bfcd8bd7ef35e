"""AC power flow of a feeder: voltages, loadings and losses under given nodal powers.

The solver is power-grid-model (Newton-Raphson on the symmetric network; pi model of lines and
transformer; loads of constant power; a source behind its short-circuit impedance). Its model is
built once a feeder and only the nodal powers change from solve to solve. It is loaded with the
first PowerFlow, so that runs without a feeder do not pay for it.

A solve never raises: where Newton does not converge, which in practice means that the feeder
cannot carry the powers, or where a power is not finite, the last good state stands and the flag
`converged` is False.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, fields, replace

import numpy as np

from sim.errors import InputError
from sim.grid.feeder import Feeder

_OUTPUT = {"node", "line", "transformer"}


@dataclass(frozen=True, eq=False)
class FeederState:
    """The feeder under one set of nodal powers, or under t of them with a first axis of t.

    `voltage_pu` (n,) of the nominal low voltage; `line_loading_pct` (m,) of the ampacity, at the
    end where the current is higher; `transformer_loading_pct` is apparent power over the rating
    on the side where it is higher; `import_kw`, `import_kvar` what the feeder draws at the
    transformer's high-voltage side (negative: feeds); `losses_kw` in transformer and lines.
    `converged` is False where this is not the state asked for but the last good one before it.
    """

    voltage_pu: np.ndarray
    line_loading_pct: np.ndarray
    transformer_loading_pct: np.ndarray | float
    import_kw: np.ndarray | float
    import_kvar: np.ndarray | float
    losses_kw: np.ndarray | float
    converged: np.ndarray | bool


class PowerFlow:
    """The power flow of one feeder. `state` is the last good one, at first that without load.

    Raises InputError if the feeder has no solution even without load.
    """

    def __init__(self, feeder: Feeder):
        from power_grid_model import PowerGridModel, initialize_array
        from power_grid_model.errors import PowerGridError

        self.feeder = feeder
        self._refused = PowerGridError
        nodes = len(feeder.node_names)
        loads = initialize_array("update", "sym_load", nodes)
        try:
            self._grid = PowerGridModel(_input(feeder, loads))
            self._loads = loads
            first = self._run(np.zeros(nodes), np.zeros(nodes))
        except PowerGridError as error:
            raise InputError(f"{feeder.file}: the feeder has no solution without load "
                             f"({str(error).splitlines()[0]})") from None
        self.state = first

    def __deepcopy__(self, memo: dict) -> PowerFlow:
        twin = memo[id(self)] = copy.copy(self)
        twin._grid, twin._loads = self._grid.copy(), self._loads.copy()
        return twin

    def close(self, closed: np.ndarray) -> None:
        """From now on only these lines are closed; bool (m,). Nodes without supply have voltage 0."""
        from power_grid_model import initialize_array

        update = initialize_array("update", "line", len(closed))
        update["id"] = 2 * len(self.feeder.node_names) + 1 + np.arange(len(closed))
        update["from_status"] = update["to_status"] = closed
        self._grid.update(update_data={"line": update})

    def solve(self, p_kw: np.ndarray, q_kvar: np.ndarray | float = 0.0) -> FeederState:
        """The state under active and reactive powers drawn at the nodes, each of shape (n,)."""
        p = np.asarray(p_kw, float)
        q = np.broadcast_to(np.asarray(q_kvar, float), p.shape)
        if np.isfinite(p).all() and np.isfinite(q).all():
            try:
                self.state = self._run(p, q)
                return self.state
            except self._refused:
                pass
        return replace(self.state, converged=False)

    def solve_batch(self, p_kw: np.ndarray, q_kvar: np.ndarray | float = 0.0) -> FeederState:
        """The states under t sets of powers of shape (t, n), in one call to the solver.

        A row that does not converge takes the values of the last good row before it, or of
        `state`, which is afterwards the last good row.
        """
        p = np.asarray(p_kw, float)
        q = np.broadcast_to(np.asarray(q_kvar, float), p.shape)
        finite = np.isfinite(p).all(1) & np.isfinite(q).all(1)
        update = {"sym_load": {"p_specified": np.where(finite[:, None], p, 0.0) * 1e3,
                               "q_specified": np.where(finite[:, None], q, 0.0) * 1e3}}
        result = self._grid.calculate_power_flow(
            update_data=update, output_component_types=_OUTPUT, continue_on_batch_error=True)
        good = finite.copy()
        if self._grid.batch_error is not None:
            good[np.asarray(self._grid.batch_error.failed_scenarios, np.int64)] = False
        # Rows that failed hold whatever was in memory, so only the good ones are read. Row 0
        # stands for the state before the batch, to which a first bad row looks back.
        solved = self._read({component: rows[good] for component, rows in result.items()})
        last_good = np.cumsum(good)
        columns = {name: np.concatenate([np.asarray(getattr(self.state, name))[None],
                                         getattr(solved, name)])[last_good]
                   for name in (field.name for field in fields(FeederState))}
        if good.any():
            self.state = _row(solved, -1)
        return FeederState(**columns | {"converged": good})

    def _run(self, p_kw: np.ndarray, q_kvar: np.ndarray) -> FeederState:
        self._loads["p_specified"] = p_kw * 1e3
        self._loads["q_specified"] = q_kvar * 1e3
        self._grid.update(update_data={"sym_load": self._loads})
        result = self._grid.calculate_power_flow(output_component_types=_OUTPUT)
        return _row(self._read({component: row[None] for component, row in result.items()}), 0)

    def _read(self, result: dict) -> FeederState:
        """States of t solved rows from the solver's tables; its unit is W, and 1 for 100 %."""
        line, transformer = result["line"], result["transformer"]
        lost_in_lines = (line["p_from"] + line["p_to"]).sum(1)
        return FeederState(
            voltage_pu=result["node"]["u_pu"][:, :-1],
            line_loading_pct=line["loading"] * 100.0,
            transformer_loading_pct=transformer["loading"][:, 0] * 100.0,
            import_kw=transformer["p_from"][:, 0] / 1e3,
            import_kvar=transformer["q_from"][:, 0] / 1e3,
            losses_kw=(lost_in_lines + transformer["p_from"][:, 0]
                       + transformer["p_to"][:, 0]) / 1e3,
            converged=np.ones(len(transformer), bool))


def _row(states: FeederState, k: int) -> FeederState:
    """One state of many: arrays of its own, and plain numbers where there is one a state."""
    values = {}
    for field in fields(FeederState):
        value = getattr(states, field.name)[k]
        values[field.name] = value.copy() if value.ndim else value.item()
    return FeederState(**values)


def _input(feeder: Feeder, loads: np.ndarray) -> dict[str, np.ndarray]:
    """The solver's input. Ids: nodes first, the high-voltage node last of them; then loads
    (written to `loads` too), lines, the transformer and the source."""
    from power_grid_model import BranchSide, LoadGenType, WindingType, initialize_array

    nodes, lines = len(feeder.node_names), len(feeder.line_names)
    spec, source = feeder.transformer, feeder.source
    first_load, first_line = nodes + 1, 2 * nodes + 1
    loads["id"] = first_load + np.arange(nodes)

    def table(component: str, count: int, **columns) -> np.ndarray:
        rows = initialize_array("input", component, count)
        for name, values in columns.items():
            rows[name] = values
        return rows

    return {
        "node": table("node", nodes + 1, id=np.arange(nodes + 1),
                      u_rated=[spec.lv_kv * 1e3] * nodes + [spec.hv_kv * 1e3]),
        "line": table("line", lines, id=first_line + np.arange(lines),
                      from_node=feeder.line_from, to_node=feeder.line_to,
                      from_status=1, to_status=1, r1=feeder.r_ohm, x1=feeder.x_ohm,
                      c1=feeder.c_farad, tan1=0.0, i_n=feeder.ampacity_a),
        "transformer": table(
            "transformer", 1, id=first_line + lines, from_node=nodes, to_node=0,
            from_status=1, to_status=1, u1=spec.hv_kv * 1e3, u2=spec.lv_kv * 1e3,
            sn=spec.rated_kva * 1e3, uk=spec.impedance_pct / 100.0, pk=spec.load_loss_kw * 1e3,
            i0=spec.no_load_current_pct / 100.0, p0=spec.no_load_loss_kw * 1e3,
            # The clock number only turns all angles behind the transformer; odd ones are Dyn.
            winding_from=WindingType.delta if spec.clock % 2 else WindingType.wye_n,
            winding_to=WindingType.wye_n, clock=spec.clock,
            tap_side=BranchSide.from_side, tap_pos=spec.tap, tap_min=spec.tap_min,
            tap_max=spec.tap_max, tap_nom=0, tap_size=spec.hv_kv * 10.0 * spec.tap_step_pct),
        "source": table("source", 1, id=first_line + lines + 1, node=nodes, status=1,
                        u_ref=source.voltage_pu, sk=source.short_circuit_mva * 1e6,
                        rx_ratio=source.rx_ratio),
        "sym_load": table("sym_load", nodes, id=loads["id"], node=np.arange(nodes), status=1,
                          type=LoadGenType.const_power, p_specified=0.0, q_specified=0.0),
    }
