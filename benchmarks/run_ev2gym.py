"""Runs the workload in EV2Gym 2.0.0, in its own environment.

usage: python run_ev2gym.py SESSIONS.json REPEATS; prints JSON. CPU time is that of the steps
alone, without building the environment. The program spawns its own vehicles; they are
replaced by the workload's before the first step.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import ev2gym
import numpy as np
import yaml
from ev2gym.models.ev import EV
from ev2gym.models.ev2gym_env import EV2Gym
from ev2gym.rl_agent.reward import SquaredTrackingErrorReward

EXAMPLE = Path(ev2gym.__file__).parent / "example_config_files" / "V2GProfitMax.yaml"


def config_file(work, folder):
    config = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    config |= {"timescale": work["period_min"], "simulation_length": work["periods"],
               "random_day": False, "hour": 0, "number_of_charging_stations": work["n_evse"],
               "number_of_transformers": 1, "spawn_multiplier": 0.001,
               "heterogeneous_ev_specs": False, "charging_network_topology": "None"}
    config["transformer"]["max_power"] = 100_000
    path = Path(folder) / "config.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def vehicles(work):
    return [EV(id=k, location=s["evse"], battery_capacity_at_arrival=s["arrival_kwh"],
               time_of_arrival=s["arrival"], time_of_departure=s["departure"] - 1,
               battery_capacity=s["capacity_kwh"], desired_capacity=s["capacity_kwh"],
               min_battery_capacity=0.0, max_ac_charge_power=work["max_kw"],
               max_discharge_power=0.0, transition_soc=1.0, transition_soc_multiplier=5.0,
               timescale=work["period_min"])
            for k, s in enumerate(work["sessions"])]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        env = EV2Gym(config_file=str(config_file(work, folder)), seed=1,
                     reward_function=SquaredTrackingErrorReward)
        for _ in range(int(sys.argv[2])):
            env.reset(seed=1)
            env.done = False  # reset() leaves the flag of the last episode
            env.EVs_profiles = vehicles(work)
            start = time.process_time()
            done = False
            while not done:
                # A new array each step: the chargers zero the actions of empty ports in place.
                _, _, done, _, _ = env.step(np.ones(work["n_evse"]))
            seconds.append(time.process_time() - start)
    energy = float(env.stats["total_energy_charged"])
    print(json.dumps({"cpu_s": seconds, "sessions": int(env.total_evs_spawned), "energy_kwh": energy}))


main()
