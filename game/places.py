"""Camera places that a person kept, by scenario: `places.json` beside the settings."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path

from game import user_files
from game.camera import Pose
from game.settings import user_folder
from sim.errors import InputError

FILE_NAME = "places.json"


class Places:
    """The places kept of one scenario. Raises InputError for a file that is not one of ours."""

    def __init__(self, scenario: str, folder: Path | None = None):
        self._scenario, self._path = scenario, (folder or user_folder()) / FILE_NAME
        self._all = user_files.read(self._path, "scenarios")
        self.poses: dict[str, Pose] = {}
        for name, facts in self._own().items():
            try:
                pose = Pose(tuple(map(float, facts["target"])),
                            *(float(facts[key]) for key in ("distance", "yaw", "pitch")))
                whole = len(pose.target) == 3 and all(
                    map(math.isfinite, (*pose.target, pose.distance, pose.yaw, pose.pitch)))
            except (TypeError, ValueError, KeyError):
                whole = False
            if not whole or pose.distance <= 0.0:
                raise InputError(f"{self._path}: {scenario}.{name}: expected target [x, y, z], distance, "
                                 f"yaw and pitch")
            self.poses[name] = pose

    def keep(self, pose: Pose) -> str:
        """Keep a pose under the next free name, which is returned; OSError where it cannot be written."""
        number = 1
        while (name := f"place {number}") in self.poses:
            number += 1
        self.poses[name] = pose
        self._all[self._scenario] = {**self._own(), name: asdict(pose)}
        user_files.write(self._path, self._all)
        return name

    def _own(self) -> dict:
        own = self._all.get(self._scenario, {})
        if not isinstance(own, dict):
            raise InputError(f"{self._path}: {self._scenario}: expected places by name")
        return own
