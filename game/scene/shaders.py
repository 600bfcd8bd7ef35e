"""Shaders of assets/shaders by name, with `#include "file"` lines resolved."""

from __future__ import annotations

import re
from functools import cache

from panda3d.core import Shader

import assets

FOLDER = assets.ROOT / "shaders"
_INCLUDE = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)


def source(file: str, defines: tuple[str, ...] = ()) -> str:
    """A shader's text; an included file is taken in once, however often it is named. The
    `defines` are known to the preprocessor."""
    seen: set[str] = set()

    def read(name: str) -> str:
        if name in seen:
            return ""
        seen.add(name)
        text = (FOLDER / name).read_text(encoding="utf-8")
        return _INCLUDE.sub(lambda match: read(match[1]), text)

    return "#version 330\n" + "".join(f"#define {name}\n" for name in defines) + read(file)


@cache
def shadowed(vertex: str, fragment: str) -> bool:
    """Whether a pair is another one where there is a shadow map."""
    return any("SHADOWS" in source(file) for file in (f"{vertex}.vert", f"{fragment}.frag"))


@cache
def load(vertex: str, fragment: str, defines: tuple[str, ...] = ()) -> Shader:
    """The compiled pair `vertex`.vert and `fragment`.frag, with these defined."""
    shader = Shader.make(Shader.SL_GLSL, source(f"{vertex}.vert", defines),
                         source(f"{fragment}.frag", defines))
    if shader is None:
        raise RuntimeError(f"shader {vertex}/{fragment} could not be made")
    shader.set_filename(Shader.ST_none, f"{vertex}/{fragment}")
    return shader
