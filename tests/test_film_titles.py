"""Titles stay inside the safe area and off each other, measured on pixels, at every shape of picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.film import shots as lists
from game.film.lettering import Line, Run, lay, wrapped
from game.film.plan import run_of
from game.film.titles import SAFE, Spoken, Titles
from game.film.values import UNKNOWN, Values, spell
from game.palette import PALETTES
from sim.model import Model
from sim.results import kpis
from sim.scenario import load

SHAPES = ((640, 360), (480, 360), (360, 360), (360, 640))
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def drawn(size, spoken):
    """What titles change of a grey picture, (height, width), and where they stand."""
    titles = Titles(size, PALETTES["standard"])
    plain = np.full((size[1], size[0], 3), 90, np.uint8)
    titles._shade(plain, spoken)
    over = plain.copy()
    for placed in titles.place(spoken):
        lay(over, placed.patch, placed.rect[0], placed.rect[1], 1.0)
    return np.abs(over.astype(int) - plain).max(axis=2) > 8, titles.place(spoken)


def inside(size, changed) -> bool:
    x, y = round(size[0] * SAFE), round(size[1] * SAFE)
    outer = changed.copy()
    outer[y:size[1] - y, x:size[0] - x] = False
    return not outer.any()


words = st.sampled_from(["Evening peak", "212", "A " + LONG, LONG, "forty vehicles come home, " * 6, "x",
                         "−1,175.5 kWh"])
kinds = st.sampled_from(["opening", "lower_third", "figure", "callout", "closing", "name"])


@st.composite
def titles(draw):
    kind = draw(kinds)
    return Spoken(kind, 1.0, draw(words), draw(words), draw(words) if kind == "figure" else "",
                  "kW", tuple(draw(st.lists(words, max_size=4))) if kind == "closing" else (),
                  draw(st.sampled_from(["upper_left", "upper_right", "lower_left", "lower_right"])),
                  "to_grid",
                  (draw(st.floats(0.0, 300.0)), draw(st.floats(0.0, 300.0))), (0.0, 200.0))


@given(st.sampled_from(SHAPES), st.lists(titles(), min_size=1, max_size=4))
def test_titles_stay_inside_the_safe_area_and_apart(size, spoken):
    changed, placed = drawn(size, spoken)
    assert len(placed) == len(spoken)
    assert inside(size, changed)
    rects = [entry.rect for entry in placed]
    for k, a in enumerate(rects):
        for b in rects[k + 1:]:
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("name", lists.shipped())
def test_titles_of_shipped_films_fit_every_shape(name, size):
    shots = lists.load(name)
    models = run_of(None, shots, None, {}).models()
    values = {branch: Values(model) for branch, model in zip("ab", models)}
    moments = sorted({title.at for title in shots.titles})
    for moment in moments:
        spoken = []
        for title in shots.titles:
            if title.at <= moment < title.until:
                named = {branch: value.about(title.of) for branch, value in values.items()}
                said = [spell(text, named) for text in (title.title, title.text, title.value, title.unit)]
                lines = tuple(spell(line, named) for line in title.lines)
                spoken.append(Spoken(title.kind, 1.0, *said, lines, title.corner,
                                     title.tone, (size[0] / 2.0, size[1] / 2.0)))
        changed, placed = drawn(size, spoken)
        assert len(placed) == len(spoken) and inside(size, changed) and changed.any()
        smallest = min(entry.patch.size[1] for entry in placed)
        assert smallest >= 20       # words that nobody can read do not count as fitting


def test_what_is_not_in_the_picture_is_not_called_out():
    assert Titles((640, 360), PALETTES["safe"]).place([Spoken("callout", 1.0, "POOL-03")]) == []


@given(words, st.floats(60.0, 600.0))
def test_wrapping_keeps_all_words_and_the_room(text, room):
    lines = wrapped((Run(text, 20.0),), room)
    assert " ".join(line.runs[0].text for line in lines).split() == text.split()
    assert all(line.width() <= room + 1.0 for line in lines) or lines[0].runs[0].px <= 20.0 * 0.45


def test_lines_end_where_they_are_told_to():
    made = wrapped((Run("one\ntwo three", 12.0),), 400.0, 5.0)
    assert [line.runs[0].text for line in made] == ["one", "two three"] and [line.above for line in made] == [5.0, 0.0]
    assert wrapped((Run("a\tb", 12.0), Run("c", 12.0)), 400.0)[0].runs[0].text == "a b"


def test_where_not_all_have_room_the_first_stay():
    card = Spoken("closing", 1.0, "End", lines=tuple(f"line {k} | what it says" for k in range(16)))
    figures = [Spoken("figure", 1.0, f"figure {k}", value="100") for k in range(12)]
    titles = Titles((320, 90), PALETTES["standard"])
    assert not titles.have_room([card, *figures]) and len(titles.place([card, *figures])) >= 1
    assert Titles((1280, 720), PALETTES["standard"]).have_room([card, *figures[:2]])


@pytest.mark.parametrize("template", ["{net_kw:999999999.0f}", "{net_kw:.99999f}", "{clock:100}"])
def test_a_figure_is_no_wider_than_it_may_be(model, template):
    with pytest.raises(ValueError, match="at most 40"):
        spell(template, {"a": Values(model)})


def test_digits_have_one_width():
    for bold in (False, True):
        assert len({Run(digit, 40.0, bold).width() for digit in "0123456789"}) == 1
    assert Line((Run("111", 40.0),)).width() == Line((Run("888", 40.0),)).width()


@pytest.fixture(scope="module")
def model():
    model = Model(load("evening_peak"))
    model.advance(3.4 * 3600)
    return model


def test_figures_are_the_models(model):
    digest = model.world.digest()
    values = {"a": Values(model, "POOL-03")}
    net = model.site_power(model.now_s)[0]
    assert spell("{net_kw:.1f} kW at {clock}", values) == f"{net:.1f} kW at 18:24"
    closed = model.copy()
    closed.close_books()
    figures = kpis(closed)
    assert spell("{peak_import_kw:.3f}/{v2g_net:.2f}/{fed_kwh:.3f}", values) == \
        f"{figures['peak_import_kw']:.3f}/{figures['v2g_net']:.2f}/{figures['energy_discharged_ac_kwh']:.3f}"
    assert spell("{co2_kg} {frequency_hz:.1f}", values) == f"{UNKNOWN} {UNKNOWN}"
    assert spell("{kw:+.1f}", values) == "−11.0"
    for name in values["a"].names():
        spell("{" + name + "}", values)
    assert model.world.digest() == digest


def test_a_vehicles_figures_add_up_to_the_sites(model):
    each = [Values(model, name) for name in model.world.vehicle.names]
    for mine, sites in (("vehicle_earned", "earned"), ("vehicle_fed_kwh", "fed_kwh")):
        assert sum(values[mine] for values in each) == pytest.approx(each[0][sites])


def test_connectors_and_stations_say_their_status_as_ocpp_names_it():
    model = Model(load("network_troubles"))
    model.advance(2.5 * 3600.0)
    world = model.world
    said = {name: spell("{connector} {status} {error}", {"a": Values(model, name)}) for name in world.connector.names}
    faulted = next(name for name, words in said.items() if "Faulted" in words)
    assert all(words.startswith(f"{name} ") for name, words in said.items())
    assert not said[faulted].endswith("NoError") and any(words.endswith("Available NoError") for words in said.values())
    later = Model(load("evening_peak"))     # of 2.0.1 and 2.1
    later.advance(3.0 * 3600.0)
    busy = [spell("{status}", {"a": Values(later, name)}) for name in later.world.connector.names]
    assert "Occupied, Charging" in busy and "Charging" not in busy
    stations = [spell("{station} {status}", {"a": Values(model, name)}) for name in world.station.names]
    assert any(words.endswith(" offline") for words in stations) and any(words.endswith(" online") for words in stations)
    for name in ("{status}", "{error}"):
        with pytest.raises(ValueError, match="is a connector"):
            spell(name, {"a": Values(model)})


def test_nothing_that_rounds_to_nothing_has_a_sign():
    class Fixed(dict):
        def __init__(self, x):
            super().__init__(x=x)
    said = [spell("{x:+.1f}", {"a": Fixed(x)}) for x in (-0.01, 0.01, 0.0, -1.26)]
    assert said == ["0.0", "0.0", "0.0", "−1.3"]
    assert spell("{difference.x:+.1f}", {"a": Fixed(3.0), "b": Fixed(1.0)}) == "−2.0"
