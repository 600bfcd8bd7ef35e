"""Parts of the scenario schema that stand on their own: tariff, weather, carbon."""
