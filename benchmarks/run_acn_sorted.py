"""Runs a workload under one of ACN-Sim's sorted algorithms (acnportal 0.3.3), in its environment.

usage: python run_acn_sorted.py SESSIONS.json {fcfs,edf,llf,rr} LIMIT_KW; prints JSON: the energy
of each session, kWh. Round robin deals steps of 1 A, by earliest deadline.
"""

import json
import sys
from datetime import datetime

from acnportal import acnsim
from acnportal.algorithms import (RoundRobin, SortedSchedulingAlgo, earliest_deadline_first,
                                  first_come_first_served, least_laxity_first)

VOLTAGE = 208
ORDERS = {"fcfs": first_come_first_served, "edf": earliest_deadline_first,
          "llf": least_laxity_first}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    network = acnsim.ChargingNetwork()
    for k in range(work["n_evse"]):
        network.register_evse(acnsim.EVSE(f"E{k}", max_rate=work["max_kw"] * 1000 / VOLTAGE), VOLTAGE, 0)
    everyone = acnsim.Current([f"E{k}" for k in range(work["n_evse"])])
    network.add_constraint(everyone, float(sys.argv[3]) * 1000 / VOLTAGE)
    plugins = []
    for s in work["sessions"]:
        battery = acnsim.Battery(s["capacity_kwh"], s["arrival_kwh"], work["max_kw"])
        ev = acnsim.EV(s["arrival"], s["departure"], s["capacity_kwh"] - s["arrival_kwh"],
                       f"E{s['evse']}", s["id"], battery)
        plugins.append(acnsim.PluginEvent(s["arrival"], ev))
    order = sys.argv[2]
    algorithm = (RoundRobin(earliest_deadline_first, continuous_inc=1) if order == "rr" else
                 SortedSchedulingAlgo(ORDERS[order]))
    sim = acnsim.Simulator(network, algorithm, acnsim.EventQueue(plugins), datetime(2026, 1, 14),
                           period=work["period_min"], verbose=False)
    sim.run()
    print(json.dumps({name: ev.energy_delivered for name, ev in sim.ev_history.items()}))


main()
