"""Stills beside the pictures that were looked at and kept.

On the software rasteriser they were drawn with, pixels must be equal but for a few that another
processor rounds otherwise (three in ten thousand were seen); on any other OpenGL the picture must be the
same to the eye. `python tests/test_pictures.py [NAME ...]` draws them anew: look at
them before you keep them.
"""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stills import STILLS
from stills import main as draw_all

FOLDER = Path(__file__).parent / "pictures"
RASTERISER = FOLDER / "rasteriser.json"
OTHER_PROCESSOR_SHARE = 1e-3  # of the pixels
OTHER_RASTERISER_MEAN = 3.0  # of 255, over the picture
ASK = ("from panda3d.core import load_prc_file_data as prc\n"
       "prc('', 'load-display p3headlessgl\\nwindow-type offscreen\\naudio-library-name null')\n"
       "from direct.showbase.ShowBase import ShowBase\n"
       "gsg = ShowBase().win.gsg; print(gsg.driver_renderer, '/', gsg.driver_version)")


def rasteriser() -> str:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def picture(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    """The folder of all stills, drawn by one process of their own."""
    folder = tmp_path_factory.mktemp("stills")
    subprocess.run([sys.executable, Path(__file__).parent / "stills.py", folder], check=True,
                   capture_output=True)
    return folder


@pytest.fixture(scope="module")
def exact() -> bool:
    return rasteriser() == json.loads(RASTERISER.read_text())


@pytest.mark.parametrize("name", STILLS)
def test_still(name, exact, drawn):
    now, kept = picture(drawn / f"{name}.png"), picture(FOLDER / f"{name}.png")
    assert now.shape == kept.shape
    difference = np.abs(now - kept)
    if exact:
        differing = np.count_nonzero(difference.max(axis=2))
        assert differing <= OTHER_PROCESSOR_SHARE * kept.shape[0] * kept.shape[1], f"{differing} pixels"
    assert difference.mean() < OTHER_RASTERISER_MEAN


def test_no_two_stills_look_the_same(drawn):
    pictures = {name: (drawn / f"{name}.png").read_bytes() for name in STILLS}
    same = [pair for pair in itertools.combinations(STILLS, 2) if pictures[pair[0]] == pictures[pair[1]]]
    assert not same


def test_every_picture_that_is_kept_is_drawn():
    assert {path.stem for path in FOLDER.glob("*.png")} == set(STILLS)


if __name__ == "__main__":
    RASTERISER.write_text(json.dumps(rasteriser()) + "\n")
    draw_all(FOLDER, sys.argv[1:])
