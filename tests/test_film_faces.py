"""Titles are written in the face that a list names; what it cannot write is refused, never drawn as a box."""

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
import ursina
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont, features

from game.film import faces
from game.film import shots as lists
from game.film.faces import FAMILIES, ROBOTO, Face, characters, face_of
from game.film.lettering import Run, _words, font, wrapped
from game.film.plan import Plan, run_of
from game.film.reel import Reel
from game.film.writing import found_from
from game.look import Tier
from sim.errors import InputError

OPEN_SANS = Path(ursina.__file__).parent / "fonts" / "OpenSans-Regular.ttf"
LIST = """
[film]
name = "Letters"
duration = 2
scenario = "evening_peak"
{film}
[[time]]
at = 0
sim = "18:00"
[[titles]]
kind = "opening"
at = 0
until = 2
title = "{title}"
text = "{{clock}}"
{own}
"""


def plan_of(folder: Path, title="Evening", film="", own="") -> Plan:
    path = folder / "shots.toml"
    path.write_text(LIST.format(title=title, film=film, own=own), encoding="utf-8")
    shots = lists.load(str(path))
    return Plan(run_of(None, shots, None, {}), shots, (160, 90), 6, tier=Tier.LOW)


@given(st.sampled_from([ROBOTO.bold, FAMILIES["Inconsolata"].regular, OPEN_SANS]), st.integers(0x21, 0x2FFF))
def test_characters_are_those_that_are_drawn(path, code):
    drawn = ImageFont.truetype(str(path), 24, layout_engine=ImageFont.Layout.BASIC)
    box, glyph = drawn.getmask("\uffff"), drawn.getmask(chr(code))
    assert (code in characters(path)) == (glyph.size != box.size or bytes(glyph) != bytes(box))


@pytest.mark.parametrize("text, expected", [
    ("V2G · 212 kW − Größe, мощность, ισχύς", None),
    ("e\u0301te\u0301", None),                                    # composed before it is looked up
    ("a\nb\tc", None),
    ("peak 電", "電 (U+96FB) is not in Roboto-Regular.ttf: give a font"),
    ("well done 😀", "😀 (U+1F600) is not in Roboto-Regular.ttf"),
    ("שלום", "ש (U+05E9) is not in Roboto-Regular.ttf"),
])
def test_what_roboto_lacks_is_named(text, expected):
    why = ROBOTO.refusal(text)
    assert why is None if expected is None else why.startswith(expected)


def test_scripts_that_are_shaped_need_a_layout_for_it(monkeypatch):
    monkeypatch.setattr(features, "check", lambda part: part != "fribidi")
    assert "a script that Pillow cannot lay out here" in ROBOTO.refusal("سيارة")
    assert ROBOTO.refusal("Evening") is None


def test_what_a_face_lacks_roboto_has():
    thin = Face(OPEN_SANS, OPEN_SANS)
    only = next(chr(code) for code in sorted(characters(ROBOTO.regular) - characters(OPEN_SANS))
                if not faces.needs_shaping(chr(code)))
    run = Run(f"abc{only}d", 20.0, face=thin)
    assert [(used.path, text) for used, text in run.spans()] == [
        (str(OPEN_SANS), "abc"), (str(ROBOTO.regular), only), (str(OPEN_SANS), "d")]
    assert run.width() == pytest.approx(sum(used.getlength(text) for used, text in run.spans()))
    assert font(20.0, OPEN_SANS).getlength("abc") != font(20.0, ROBOTO.regular).getlength("abc")


pieces = st.text(st.sampled_from("ab 1放電系統、。（）「」ー日한글"), max_size=30)


@given(pieces, st.floats(30.0, 200.0))
def test_lines_of_scripts_without_spaces_end_where_they_may(text, room):
    assert "".join(_words(text)) == " ".join(text.split())
    lines = [line.runs[0].text for line in wrapped((Run(text, 20.0),), room)] if text.strip() else []
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for before, after in pairwise(_words(text)):
        assert after[0] == " " or after[0] not in "、。）」ー" and before[-1] not in "（「"


def test_a_film_is_written_in_its_font_and_a_title_in_its_own(tmp_path):
    shutil.copy(OPEN_SANS, tmp_path / "brand.ttf")
    plain = plan_of(tmp_path)
    ours = plan_of(tmp_path, film='font = "brand.ttf"\nfont_bold = "inconsolata"')
    own = plan_of(tmp_path, film='font = "brand.ttf"', own='font = "Droid Sans"')
    brand = (tmp_path / "brand.ttf").resolve()
    roboto = plan_of(tmp_path, film='font = "brand.ttf"\nfont_bold = "roboto"')
    assert face_of(roboto.shots) == Face(brand, ROBOTO.bold)
    assert face_of(ours.shots) == Face(brand, FAMILIES["Inconsolata"].regular)
    assert face_of(own.shots, own.shots.titles[0]) == FAMILIES["Droid Sans"] != face_of(own.shots)
    assert len({plan.digest() for plan in (plain, ours, own)}) == 3
    before = ours.digest()
    shutil.copy(ROBOTO.bold, brand)
    assert ours.digest() != before      # the same name, another font
    elsewhere = tmp_path / "else"
    elsewhere.mkdir()
    assert face_of(found_from(ours.shots, elsewhere)) == face_of(ours.shots)


@pytest.mark.parametrize("given, expected", [
    (dict(title="Abends 電"), "titles.0: title: 電 (U+96FB) is not in Roboto-Regular.ttf: give a font that has it, font"),
    (dict(film='font = "Inconsolata"', title="電"), "電 (U+96FB) is not in Inconsolata-Medium.ttf or Roboto-Regular.ttf"),
    (dict(film='font = "nope.ttf"'), "film.font: nope.ttf: no such file in "),
    (dict(own='font = "shots.toml"'), "titles.0.font: shots.toml: no TrueType or OpenType font that can be read"),
    (dict(film='font_bold = "Roboto"'), "font_bold: needs a font beside it"),
    (dict(film='[fork]\nnames = ["With", "電"]\ncommands = [{ at = "15:00", command = "strategy uncontrolled" }]\n'
               'split = [{ at = 0, share = 0.5 }]'), "fork.names.1: 電 (U+96FB) is not in"),
])
def test_what_cannot_be_written_is_refused_before_anything_is_drawn(tmp_path, given, expected):
    with pytest.raises(InputError) as error:
        Reel(plan_of(tmp_path, **given))
    assert expected in str(error.value) and str(error.value).startswith(str(tmp_path / "shots.toml"))
    assert "\n" not in str(error.value)
