"""Stills for print and for cutting out: finer than the screen, before nothing, with a title block."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from game.camera import VERTICAL_FOV_DEG, Pose, raised, vertical_fov
from game.film.faces import ROBOTO, Face, face
from game.film.reel import averaged, pictured
from game.film.stage import Stage
from game.film.still import partial_path, require_writable
from game.film.titles import Spoken, Titles
from game.film.tracks import Moment
from game.film.values import Values, spell
from game.look import Look
from game.palette import PALETTES
from game.ui.words import pretty
from sim.errors import InputError

FILM_S = Fraction(1)        # the moment of its film that a still is of, for what is animated
GREY = 0.5                  # of the ground that tells how much shines through; below the tone curve's knee
FAINT, NOTHING = 1.0 / 255.0, 3.0 / 255.0    # what the edges' shading leaves where nothing is
UPRIGHT_PITCH_DEG, UPRIGHT_CLOSER = 38.0, 0.72
LIFT, PLATE_LIFT = 0.15, 0.2    # of the picture's height, by which a poster's middle is raised above its title
SIDES = 0.94        # of the picture's half width, within which a site that is cut out lies

FIGURES = ("{net_kw:+.0f} kW | at the grid connection, {price:.2f} {currency} a kWh",
           "{feeding_kw:.0f} kW | fed by {feeding} of {plugged_in} vehicles",
           "{earned:.2f} {currency} | earned by feeding so far, energy and wear paid")


def still(scenario, model, at_s: float, out: str | Path, size: tuple[int, int], *, camera: str | None = None,
          select: str | None = None, palette: str = "standard", look: Look = Look(), supersample: int = 1,
          transparent: bool = False, poster: bool = False, font: str | None = None) -> None:
    """Write a PNG of the model at `at_s`, without panels. `transparent`: the site alone, with straight alpha;
    `poster`: with a title block of the scenario's name, story, clock and key figures, in `font`, a family's name or
    a file.

    Raises InputError for what is not there, or a path that cannot be written.
    """
    out = require_writable(out, ".png")
    written = _face(font, scenario) if poster else ROBOTO
    stage = Stage(scenario, [model], size, supersample, palette, look)
    try:
        model.advance(at_s)
        if select is not None and not stage.knows(select):
            raise InputError(f"--select: nothing here is named {select!r}: expected a vehicle, a connector, "
                             "a station or hub")
        pose = stage.pose_named(camera)
        if poster:
            if size[0] < size[1] and camera is None:    # from above a site fills a high picture, too
                pose = replace(pose, pitch=UPRIGHT_PITCH_DEG, distance=pose.distance * UPRIGHT_CLOSER)
            if transparent and camera is None:          # what is cut out is not cut off at the picture's sides
                pose = within_sides(pose, stage.site_corners(), size[0] / size[1])
            pose = raised(pose, PLATE_LIFT if transparent else LIFT, size[0] / size[1])
        moment = Moment(FILM_S, at_s, pose, VERTICAL_FOV_DEG, look, select, not poster, 1.0)
        stage.pass_by(moment)
        if transparent:
            cutout = stage.cut_out()
            grounds = []
            for grey in (0.0, GREY):
                cutout.before(grey)
                grounds.append(_fine(stage.draw(), supersample))
            picture = cut_out(*grounds)
        else:
            picture = _fine(stage.draw(), supersample)
        if poster:
            picture = _with_title(picture, scenario, model, size, palette, written)
    finally:
        stage.close()
    partial = partial_path(out)
    try:
        Image.fromarray(picture).save(partial, "PNG", compress_level=6)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def within_sides(pose: Pose, places: np.ndarray, aspect: float) -> Pose:
    """The pose, or one farther away, from which places (n, 3) lie within the sides of a picture."""
    forward, right, _ = pose.axes()
    offset = places - pose.target
    reach = SIDES * math.tan(math.radians(vertical_fov(aspect)) / 2.0) * aspect
    needed = np.abs(offset @ right) / reach - offset @ forward
    return replace(pose, distance=max(pose.distance, float(needed.max())))


def cut_out(black: np.ndarray, grey: np.ndarray) -> np.ndarray:
    """RGBA with straight alpha, uint8, of one picture before black and before grey, RGB uint8.

    What is seen through an alpha `a` is c a + (1 - a) ground: the difference of the two tells `a`.
    """
    difference = grey.astype(np.float32) - black
    ground = max(float(difference.max()), 1.0)
    alpha = np.clip(1.0 - difference.min(axis=2) / ground, 0.0, 1.0)
    # Light that shines before nothing has no alpha of its own: it needs as much as it is bright.
    alpha = np.maximum(alpha, black.max(axis=2) / np.float32(255.0))
    alpha[alpha < NOTHING] = 0.0
    colour = black / np.maximum(alpha, FAINT)[..., None]
    return np.dstack([np.clip(np.rint(colour), 0, 255), np.rint(alpha * 255.0)]).astype(np.uint8)


def _fine(drawn: np.ndarray, supersample: int) -> np.ndarray:
    return drawn if supersample == 1 else pictured(averaged(drawn, supersample))


def _face(font: str | None, scenario) -> Face:
    """What a poster of a scenario is written in; raises InputError."""
    try:
        chosen = face(font, Path.cwd()) if font else ROBOTO
    except ValueError as error:
        raise InputError(f"--font: {error}") from None
    for key, words in (("name", pretty(scenario.name)), ("story", scenario.story), ("currency", scenario.currency)):
        why = chosen.refusal(words, "--font FILE.ttf")
        if why:
            raise InputError(f"{scenario.name}: {key}: {why}")
    return chosen


def _with_title(picture: np.ndarray, scenario, model, size: tuple[int, int], palette: str, written: Face) -> np.ndarray:
    values = {"a": Values(model)}
    glass = picture.shape[2] == 4       # before nothing, words need a ground of their own
    words = Spoken("plate" if glass else "poster", 1.0, pretty(scenario.name), scenario.story, "{weekday}, {date}, {clock}",
                   lines=tuple(spell(line, values) for line in FIGURES), tone="to_grid", face=written)
    words = replace(words, value=spell(words.value, values))
    titles = Titles(size, PALETTES[palette])
    if glass:
        return titles.draw_on_glass(picture, [words])
    titles.draw(picture, [words])
    return picture
