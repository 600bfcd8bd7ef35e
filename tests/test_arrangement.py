"""Where panels lie: nothing over anything else and nothing lost, whatever is open, at any size and scale."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from game.look import View
from game.ui.arrangement import GAP, HEAD, PINNED, Item, arrange, lay_out
from game.ui.docks import BOTTOM, DOCKS, LEFT, RIGHT, Seat, Seating
from game.ui.strip import side_by_side
from game.ui.theme import LEAST_ROOM, MARGIN, scale_of

NAMES = [f"p{k}" for k in range(7)]
SIZES = st.tuples(st.integers(800, 2560), st.integers(600, 1440))
SCALES = st.one_of(st.none(), st.floats(0.75, 3.0))


@st.composite
def docks(draw, most: int = 7, names=NAMES) -> list[Item]:
    """A dock's panels as people leave them."""
    found = []
    for name in names[:draw(st.integers(0, most))]:
        body = float(draw(st.integers(10, 360)))
        least = min(body, float(draw(st.integers(10, 90))))
        found.append(Item(Seat(name, "left", draw(st.booleans()), draw(st.integers(0, 9))), least, body,
                          draw(st.booleans())))
    return found


def alarms(count: int = 2) -> Item:
    return Item(Seat("alerts", BOTTOM), 32.0, 24.0 * count + 8.0)


def apart(a, b) -> bool:
    return (a[0] + a[2] <= b[0] + 1e-6 or b[0] + b[2] <= a[0] + 1e-6
            or a[1] + a[3] <= b[1] + 1e-6 or b[1] + b[3] <= a[1] + 1e-6)


@given(SIZES, SCALES)
def test_a_scale_is_a_smaller_picture_drawn_finer(size, scale):
    found = scale_of(size, scale)
    if scale is None:
        assert found >= 1.0 and size[0] / found >= 800.0 - 1e-6 and size[1] / found >= 600.0 - 1e-6 or (
            found == min(size[0] / 1280.0, size[1] / 720.0))
        return
    assert found <= scale
    room = size[0] / found, size[1] / found
    assert found == scale or min(room[0] - LEAST_ROOM[0], room[1] - LEAST_ROOM[1]) > -1e-6
    if found == scale:  # W x H at s is W/s x H/s at 1
        assert scale_of(room, 1.0) == 1.0


@given(docks(), st.integers(0, 900), st.booleans())
def test_panels_never_leave_their_dock(items, room, narrow):
    slots, more, height = arrange(items, room, narrow)
    placed = [slot for slot in (*slots, more) if slot is not None]
    for above, below in zip(placed, placed[1:]):
        assert below.top >= above.top + above.height + GAP - 1e-9
    assert height == (placed[-1].top + placed[-1].height if placed else 0.0) and height <= room + 1e-9
    for item, slot in zip(items, slots):
        if slot is not None and slot.open:
            assert item.seat.open and item.least <= slot.height - HEAD <= item.body + 1e-9
    if room >= 2 * HEAD + GAP:  # nothing is left out without a word
        assert (more is None) == all(slot is not None for slot in slots)
    if narrow:
        assert sum(slot.open for slot in slots if slot is not None) <= 1


@given(docks(), st.integers(2 * int(HEAD + GAP), 900), st.booleans())
def test_what_was_touched_last_is_there_and_open_where_it_has_room(items, room, narrow):
    if not items:
        return
    last = Seat("last", "left", True, 10)
    items.append(Item(last, 60.0, 100.0))
    slot = arrange(items, room, narrow).slots[-1]
    assert slot is not None and slot.open == (room >= 2 * HEAD + GAP + 60.0)


def test_a_line_leads_to_every_panel_that_found_no_room():
    items, seating = [Item(Seat(name, "left", False), 50.0, 90.0) for name in NAMES], Seating()
    seen = set()
    for _ in range(len(NAMES)):
        lies = lay_out(1280.0, (0.0, 0.0), 4 * (HEAD + GAP), None, {LEFT: items, RIGHT: [], BOTTOM: []})
        seen |= {place.seat.panel for place in lies.places}
        (more,) = lies.more
        assert more.count == len(NAMES) - len(lies.places)
        seating.touch(more.next)
    assert seen == set(NAMES)


@given(SIZES, SCALES, st.lists(docks(), min_size=2, max_size=2), docks(3), st.integers(1, 20),
       st.integers(1, 2), st.integers(1, 3), st.one_of(st.none(), st.integers(100, 600)))
def test_no_panel_lies_over_another(size, scale, sides, beside, count, rows, lines, card):
    """Strip, tabs, docks, alarms, legend and card."""
    factor = scale_of(size, scale)
    width, high = size[0] / factor, size[1] / factor
    strip = (MARGIN, MARGIN, 676.0, 60.0 if width >= 1280.0 else 94.0)
    below = strip[1] + strip[3]
    tabs = (MARGIN, below + 8.0, 290.0 if width < 1000.0 else 400.0, 28.0)
    legend = (MARGIN, high - MARGIN - 6.0 - 22.0 * lines, width - 2 * MARGIN, 6.0 + 22.0 * lines)
    foot = legend[1]
    lies_card = card and (width - MARGIN - 288.0, below + 8.0, 288.0, min(card, foot - below - 20.0))
    items = {LEFT: sides[0], RIGHT: sides[1], BOTTOM: [alarms(count), *beside]}
    lies = lay_out(width, (below + 44.0, below + 8.0), foot - 8.0, lies_card or None, items)
    boxes = [strip, tabs, legend, *([lies_card] if card else []), *(place.box for place in lies.places),
             *(more.box for more in lies.more)]
    for one, other in combinations(boxes, 2):
        assert apart(one, other), (width, high, one, other)
    for x, y, wide, tall in boxes:
        assert x >= MARGIN - 1e-6 and y >= MARGIN and x + wide <= width - MARGIN + 1e-6 and y + tall <= high
    # Alarms are never hidden.
    (shown,) = (place for place in lies.places if place.seat.panel in PINNED)
    assert shown.open and shown.box[2] >= 250.0 and shown.box[3] >= HEAD + 32.0


def test_the_panel_touched_last_is_open_where_there_is_room_for_one():
    seating = Seating()
    seats = seating.of(View.INTEGRATED, LEFT)
    seating.fold(seats[2], shown_open=False)
    items = [Item(seat, 100.0, 100.0) for seat in seats]
    slots = arrange(items, 4 * HEAD + 3 * GAP + 100.0, narrow=False).slots
    assert [slot.open for slot in slots] == [False, False, True, False]
    assert arrange(items, 2 * HEAD + GAP + 100.0, narrow=True).slots[2].open


def test_what_fits_whole_is_open_before_what_would_have_to_scroll():
    items = [Item(Seat(name, LEFT), 60.0, body) for name, body in (("a", 100.0), ("b", 200.0), ("c", 80.0))]
    slots = arrange(items, 3 * HEAD + 2 * GAP + 245.0, False).slots
    assert [slot.height - HEAD for slot in slots] == [100.0, 65.0, 80.0]
    items[1].seat.touched = 1
    assert [slot.height - HEAD for slot in arrange(items, 3 * HEAD + 2 * GAP + 245.0, False).slots] == [0.0, 200.0, 0.0]


def test_headings_below_a_card_give_way_to_what_tells_of_the_selected():
    items = [Item(Seat("course", RIGHT), 60.0, 90.0), Item(Seat("log", RIGHT), 60.0, 90.0),
             *(Item(Seat(name, RIGHT, False), 90.0, 90.0, True) for name in ("soc", "stress"))]
    roomy = arrange(items, 4 * HEAD + 3 * GAP + 180.0, False)
    assert roomy.more is None and [slot.open for slot in roomy.slots] == [True, True, False, False]
    tight = arrange(items, 3 * HEAD + 2 * GAP + 180.0, False)
    assert [slot and slot.open for slot in tight.slots] == [True, True, None, None] and tight.more is not None


def test_every_dock_takes_every_panel():
    """A panel may be dragged to the bottom though it is as high as the picture."""
    table = Item(Seat("connectors", BOTTOM), 90.0, 400.0)
    for width in (700.0, 1280.0):
        lies = lay_out(width, (150.0, 114.0), 400.0, None, {LEFT: [], RIGHT: [], BOTTOM: [alarms(), table]})
        assert all(place.box[1] >= 150.0 for place in lies.places) and set(lies.docks) == set(DOCKS)


@given(st.lists(st.floats(0.0, 140.0), min_size=1, max_size=3).map(sorted), st.integers(10, 30))
def test_names_of_limits_stand_side_by_side(middles, wide):
    lefts = side_by_side(middles, [float(wide)] * len(middles), 0.0, 140.0, 8.0)
    assert lefts[0] >= 0.0 and lefts[-1] + wide <= 140.0 + 1e-9
    assert all(b - a >= wide + 8.0 - 1e-9 for a, b in zip(lefts, lefts[1:]))
