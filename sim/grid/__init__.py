"""The grid behind the connectors: feeders, phases, transformers, stress and system frequency."""
