"""Power flows with pandapower. Run by powerflow_oracle.py in an environment that has it.

    python run_pandapower.py CASES.json

Reads feeders as plain numbers with their operating points; prints for each point the voltages
(pu), line loadings (%) and losses (kW), and last the voltages of pandapower's own table of the
CIGRE low-voltage benchmark, residential part, by node name.
"""

import json
import sys
from math import sqrt

import pandapower as pp
from pandapower.networks import create_cigre_network_lv


def network(case):
    """The feeder, with the grid in front of the transformer as a line of its impedance."""
    net = pp.create_empty_network()
    t = case["transformer"]
    slack, hv = (pp.create_bus(net, vn_kv=t["hv_kv"]) for _ in range(2))
    nodes = [pp.create_bus(net, vn_kv=t["lv_kv"]) for _ in case["nodes"]]
    source = case["source"]
    pp.create_ext_grid(net, slack, vm_pu=source["voltage_pu"])
    z, rx = t["hv_kv"] ** 2 / source["short_circuit_mva"], source["rx_ratio"]
    pp.create_line_from_parameters(
        net, slack, hv, 1.0, r_ohm_per_km=z * rx / sqrt(1 + rx * rx),
        x_ohm_per_km=z / sqrt(1 + rx * rx), c_nf_per_km=0.0, max_i_ka=1.0)
    pp.create_transformer_from_parameters(
        net, hv, nodes[0], sn_mva=t["rated_kva"] / 1e3, vn_hv_kv=t["hv_kv"], vn_lv_kv=t["lv_kv"],
        vk_percent=t["impedance_pct"], vkr_percent=100 * t["load_loss_kw"] / t["rated_kva"],
        pfe_kw=t["no_load_loss_kw"], i0_percent=t["no_load_current_pct"],
        shift_degree=30.0 * t["clock"], tap_side="hv", tap_neutral=0, tap_pos=t["tap"],
        tap_step_percent=t["tap_step_pct"], tap_changer_type="Ratio")
    for start, end, r, x, c, ampacity in case["lines"]:
        pp.create_line_from_parameters(net, nodes[start], nodes[end], 1.0, r_ohm_per_km=r,
                                       x_ohm_per_km=x, c_nf_per_km=c * 1e9,
                                       max_i_ka=ampacity / 1e3)
    for node in nodes:
        pp.create_load(net, node, p_mw=0.0)
    return net, nodes


def solve(case):
    net, nodes = network(case)
    for p_kw, q_kvar in case["points"]:
        net.load["p_mw"] = [p / 1e3 for p in p_kw]
        net.load["q_mvar"] = [q / 1e3 for q in q_kvar]
        pp.runpp(net, trafo_model="pi", calculate_voltage_angles=True, tolerance_mva=1e-10)
        yield {"voltage_pu": net.res_bus.vm_pu[nodes].tolist(),
               "line_loading_pct": net.res_line.loading_percent[1:].tolist(),
               "losses_kw": 1e3 * float(net.res_line.pl_mw[1:].sum() + net.res_trafo.pl_mw.sum())}


with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)
cigre = create_cigre_network_lv()
pp.runpp(cigre, trafo_model="pi", calculate_voltage_angles=True, tolerance_mva=1e-10)
print(json.dumps({
    "cases": [list(solve(case)) for case in cases],
    "cigre": {name.removeprefix("Bus "): volts
              for name, volts in zip(cigre.bus.name, cigre.res_bus.vm_pu)}}))
