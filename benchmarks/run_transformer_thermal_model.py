"""Temperatures by transformer-thermal-model. Run by transformer_oracle.py in its environment.

    python run_transformer_thermal_model.py CASES.json

Prints for each case the top-oil and hot-spot temperatures at the ends of its steps, and the days
aged if the hot-spot temperature at the end of each step had held during it, as that program sums.
"""

import json
import sys

import pandas as pd
from transformer_thermal_model.aging import days_aged
from transformer_thermal_model.model import Model
from transformer_thermal_model.schemas import InputProfile, UserTransformerSpecifications
from transformer_thermal_model.transformer import DistributionTransformer, PaperInsulationType

with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)
results = []
for case in cases:
    minutes = [0.0, *case["minutes"]]
    profile = InputProfile.create(
        datetime_index=[pd.Timestamp("2026-01-01") + pd.Timedelta(minutes=m) for m in minutes],
        load_profile=[0.0, *case["load"]],
        ambient_temperature_profile=[case["ambient_c"][0], *case["ambient_c"]])
    transformer = DistributionTransformer(user_specs=UserTransformerSpecifications(
        load_loss=5200, no_load_loss=800, nom_load_sec_side=1.0,
        amb_temp_surcharge=case["surcharge_k"]))
    run = Model(temperature_profile=profile, transformer=transformer).run()
    results.append({
        "top_oil_c": run.top_oil_temp_profile.tolist()[1:],
        "hot_spot_c": run.hot_spot_temp_profile.tolist()[1:],
        "aged_days": {paper.name: days_aged(run.hot_spot_temp_profile, paper)
                      for paper in PaperInsulationType}})
print(json.dumps(results))
