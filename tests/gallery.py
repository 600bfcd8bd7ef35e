"""Draws every still and lays them out as contact sheets: `make gallery`, or

    python tests/gallery.py [FOLDER]    # out/gallery if none is named

The folder then has each still, a sheet a family and an index.html that shows them all.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from stills import FAMILIES, ROOT, STILLS, main

THUMB, GAP, CAPTION, COLUMNS = (480, 270), 16, 28, 3
BACK, INK = (11, 16, 32), (232, 238, 249)
PAGE = """<!doctype html><meta charset="utf-8"><title>Voltyard stills</title>
<style>body{{background:#0B1020;color:#E8EEF9;font:16px sans-serif;margin:32px}}
figure{{display:inline-block;margin:0 16px 24px 0}}img{{width:480px;display:block}}
figcaption{{color:#8A97B1;margin-top:6px}}</style>{body}
"""


def families() -> dict[str, list[str]]:
    """The names of stills by family; those drawn large come first."""
    small = {family: [f"{family}_{name}" for name in members] for family, members in FAMILIES.items()
             if members}
    among = {name for names in small.values() for name in names}
    return {"large": [name for name in STILLS if name not in among], **small}


def sheet(folder: Path, names: list[str]) -> Image.Image:
    """Thumbnails of stills with their names beneath, in rows."""
    columns = min(COLUMNS, len(names))
    rows = -(-len(names) // columns)
    width, height = THUMB[0] + GAP, THUMB[1] + CAPTION + GAP
    made = Image.new("RGB", (columns * width + GAP, rows * height + GAP), BACK)
    pen, font = ImageDraw.Draw(made), ImageFont.load_default(16)
    for k, name in enumerate(names):
        x, y = GAP + k % columns * width, GAP + k // columns * height
        with Image.open(folder / f"{name}.png") as still:
            made.paste(still.convert("RGB").resize(THUMB, Image.Resampling.LANCZOS), (x, y))
        pen.text((x, y + THUMB[1] + 6), name, INK, font)
    return made


def compose(folder: Path) -> None:
    """Write a sheet for each family and the page, from the stills in `folder`."""
    body = []
    for family, names in families().items():
        sheet(folder, names).save(folder / f"sheet_{family}.png")
        body.append(f"<h2>{html.escape(family)}</h2>")
        body += [f'<figure><a href="{name}.png"><img src="{name}.png"></a>'
                 f"<figcaption>{html.escape(name)}</figcaption></figure>" for name in names]
    (folder / "index.html").write_text(PAGE.format(body="\n".join(body)), encoding="utf-8")


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "gallery"
    main(out, [])
    compose(out)
    print(out / "index.html")
