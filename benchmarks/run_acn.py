"""Runs the workload in ACN-Sim (acnportal 0.3.3), in its own environment.

usage: python run_acn.py SESSIONS.json REPEATS; prints JSON. CPU time is that of
`Simulator.run` alone, without building the network and the events.
"""

import json
import sys
import time
from datetime import datetime

from acnportal import acnsim
from acnportal.algorithms import UncontrolledCharging

VOLTAGE = 208


def simulator(work):
    network = acnsim.ChargingNetwork()
    for k in range(work["n_evse"]):
        network.register_evse(acnsim.EVSE(f"E{k}", max_rate=work["max_kw"] * 1000 / VOLTAGE), VOLTAGE, 0)
    # The program refuses a network without any constraint; this one never binds.
    network.add_constraint(acnsim.Current([f"E{k}" for k in range(work["n_evse"])]), 1e9)
    plugins = []
    for s in work["sessions"]:
        battery = acnsim.Battery(s["capacity_kwh"], s["arrival_kwh"], work["max_kw"])
        ev = acnsim.EV(s["arrival"], s["departure"], s["capacity_kwh"] - s["arrival_kwh"],
                       f"E{s['evse']}", s["id"], battery)
        plugins.append(acnsim.PluginEvent(s["arrival"], ev))
    return acnsim.Simulator(network, UncontrolledCharging(), acnsim.EventQueue(plugins),
                            datetime(2026, 1, 14), period=work["period_min"], verbose=False)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    seconds = []
    for _ in range(int(sys.argv[2])):
        sim = simulator(work)
        start = time.process_time()
        sim.run()
        seconds.append(time.process_time() - start)
    energy = sum(ev.energy_delivered for ev in sim.ev_history.values())
    print(json.dumps({"cpu_s": seconds, "sessions": len(sim.ev_history), "energy_kwh": energy}))


main()
