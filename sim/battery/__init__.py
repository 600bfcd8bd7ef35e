"""Batteries: what a cell can take, how it moves between events, what it costs it."""
