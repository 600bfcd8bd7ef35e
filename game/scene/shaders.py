"""Shaders of assets/shaders by name, with `#include "file"` lines resolved."""

from __future__ import annotations

import re
from functools import cache

from panda3d.core import Shader

import assets

FOLDER = assets.ROOT / "shaders"
_INCLUDE = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)


def source(file: str) -> str:
    """A shader's text; an included file is taken in once, however often it is named."""
    seen: set[str] = set()

    def read(name: str) -> str:
        if name in seen:
            return ""
        seen.add(name)
        text = (FOLDER / name).read_text(encoding="utf-8")
        return _INCLUDE.sub(lambda match: read(match[1]), text)

    return "#version 330\n" + read(file)


@cache
def load(vertex: str, fragment: str) -> Shader:
    """The compiled pair `vertex`.vert and `fragment`.frag."""
    shader = Shader.make(Shader.SL_GLSL, source(f"{vertex}.vert"), source(f"{fragment}.frag"))
    if shader is None:
        raise RuntimeError(f"shader {vertex}/{fragment} could not be made")
    shader.set_filename(Shader.ST_none, f"{vertex}/{fragment}")
    return shader
