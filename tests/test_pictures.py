"""Stills beside the pictures that were looked at and kept.

On the software rasteriser they were drawn with, pixels must be equal but for a few that another
processor rounds otherwise (one in a million was seen); on any other OpenGL the picture must be the
same to the eye. `python tests/test_pictures.py` draws them anew: look at
them before you keep them.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).parent / "pictures"
REPOSITORY = FOLDER.parents[1]
RASTERISER = FOLDER / "rasteriser.json"
FLOWS = ["evening_peak", "--at", "18:40", "--camera", "hub", "--no-ui"]
STILLS = {
    "dusk": ["evening_peak", "--at", "19:05", "--select", "C-16"],
    "night": ["evening_peak", "--at", "1d 02:00", "--camera", "bays", "--no-ui"],
    "noon": ["caltech_garage", "--at", "3d 12:00"],
    "arrival": ["evening_peak", "--at", "13702", "--select", "POOL-01"],
    "close": ["evening_peak", "--at", "19:05", "--camera", "close", "--no-ui"],
    "soc": ["evening_peak", "--at", "18:30", "--camera", "bays", "--overlay", "soc"],
    "health": ["evening_peak", "--at", "19:05", "--overlay", "health"],
    "particles": [*FLOWS, "--flow", "particles"],
    "tubes": [*FLOWS, "--flow", "tubes"],
    "arcs": [*FLOWS, "--flow", "arcs"],
    "hub": ["solar_carport", "--at", "1d 13:00", "--camera", "hub", "--no-ui"],
    "limit": ["evening_peak", "--at", "22:30", "--camera", "hub", "--no-ui", "--tier", "low"],
    "medium": ["evening_peak", "--at", "20:30", "--tier", "medium"],
    "ultra": ["evening_peak", "--at", "20:30", "--tier", "ultra", "--camera", "bays", "--no-ui"],
    "clouds": ["solar_carport", "--at", "1d 14:00"],
    "lamps": ["caltech_garage", "--at", "3d 02:00", "--no-ui"],
    "network": ["network_troubles", "--at", "18:30", "--view", "ocpp", "--camera", "row", "--no-ui"],
    "v2g": ["evening_peak", "--at", "18:40", "--select", "POOL-08", "--view", "v2g"],
    "ocpp": ["evening_peak", "--at", "18:40", "--view", "ocpp"],
    "performance": ["evening_peak", "--at", "18:40", "--view", "performance"],
    "alarms": ["evening_peak", "--at", "19:40", "--set", "strategy=uncontrolled"],
    "empty": ["empty_lot", "--at", "06:30"],
}
OTHER_PROCESSOR_SHARE = 1e-4  # of the pixels
OTHER_RASTERISER_MEAN = 3.0  # of 255, over the picture
ASK = ("from panda3d.core import load_prc_file_data as prc\n"
       "prc('', 'load-display p3headlessgl\\nwindow-type offscreen\\naudio-library-name null')\n"
       "from direct.showbase.ShowBase import ShowBase\n"
       "gsg = ShowBase().win.gsg; print(gsg.driver_renderer, '/', gsg.driver_version)")


def rasteriser() -> str:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def draw(name: str, path: Path) -> np.ndarray:
    subprocess.run([sys.executable, "-m", "game", "shot", *STILLS[name], "-o", str(path)],
                   cwd=REPOSITORY, check=True, capture_output=True)
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


@pytest.fixture(scope="module")
def exact() -> bool:
    return rasteriser() == json.loads(RASTERISER.read_text())


@pytest.mark.parametrize("name", STILLS)
def test_still(name, exact, tmp_path):
    drawn = draw(name, tmp_path / "still.png")
    kept = np.asarray(Image.open(FOLDER / f"{name}.png").convert("RGB")).astype(int)
    assert drawn.shape == kept.shape
    difference = np.abs(drawn - kept)
    if exact:
        differing = np.count_nonzero(difference.max(axis=2))
        assert differing <= OTHER_PROCESSOR_SHARE * kept.shape[0] * kept.shape[1], f"{differing} pixels"
    assert difference.mean() < OTHER_RASTERISER_MEAN


if __name__ == "__main__":
    RASTERISER.write_text(json.dumps(rasteriser()) + "\n")
    for still in STILLS:
        draw(still, FOLDER / f"{still}.png")
        print(FOLDER / f"{still}.png")
