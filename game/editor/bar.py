"""The bar along the top: what is edited, where it is kept, and what can be done with the whole of it."""

from __future__ import annotations

from game.editor.layout import ASPECTS, Rect
from game.ui.theme import BODY, SMALL
from game.ui.widgets import Brush

HIGH, GAP, INSET = 26.0, 6.0, 14.0


def draw(brush: Brush, area: Rect, editor) -> None:
    """Draw it; buttons call the editor's actions."""
    px, (x, y, width, height) = brush.theme.px, area
    document = editor.document
    guides = ("off", "thirds", "safe areas", "all")[editor.guides]
    wide, high = ASPECTS[editor.aspect]
    buttons = (
        ("Undo", editor.undo, None if document.undoes else "nothing to undo"),
        ("Redo", editor.redo, None if document.redoes else "nothing to redo"),
        None,
        ("Moves", editor.open_moves, None),
        ("Titles: on" if editor.titles_shown else "Titles: off", editor.toggle_titles, None),
        (f"Guides: {guides}", editor.next_guides, None),
        (f"{wide}:{high}", editor.next_aspect, None),
        None,
        ("Save", editor.save, None if document.dirty or editor.session.path is None else "saved as it is"),
        ("Export", editor.open_export, None))
    widths = [px(GAP * 1.5) if one is None else brush.width(one[0], SMALL) + px(22) for one in buttons]
    with brush.panel("editor bar", area):
        left = x + width - px(INSET) - sum(widths) - px(GAP) * (len(buttons) - 1)
        room = left - x - px(2 * INSET)
        name = brush.clip(document.shots.film.name, room * 0.5, BODY, True)
        wide = brush.text(x + px(INSET), y + height / 2 + px(5), name, BODY, bold=True)
        at = x + px(INSET) + wide + px(10)
        if document.dirty:
            brush.list.add_circle_filled((at + px(3), y + height / 2), px(3.5), brush.theme.color("wait"), 12)
            at += px(13)
        session = editor.session
        kept = str(session.path) if session.path else "a shipped list" if session.shipped else "not in a file yet"
        words = f"{kept}   over {editor.scenario.name}" + (", changed" if document.dirty else "")
        words = editor.hud.export.progress_words() or words
        words = brush.clip(words, max(left - at - px(INSET), 1.0), SMALL)
        brush.text(at, y + height / 2 + px(5), words, SMALL, "quiet")
        for one, wide in zip(buttons, widths):
            if one is not None:
                label, act, refusal = one
                place = left, y + (height - px(HIGH)) / 2, wide, px(HIGH)
                if brush.label_button(f"bar {act.__name__}", label, place, refusal):
                    act()
            left += wide + px(GAP)
        brush.line(x, y + height - 1, x + width, y + height - 1)
