"""The fields of the whole film: its length, sound, commands and fork."""

from __future__ import annotations

from game.editor.fields import Form
from game.film.editing import milli, with_fields
from game.film.shots import Fork, Given, SplitKey

LAYOUTS = (("side_by_side", "Side by side"), ("swipe", "Swipe"))


def film_fields(form: Form, editor) -> None:
    """Draw them and give the document what they say."""
    document, shots = editor.document, editor.document.shots
    to = form.words("Name", shots.film.name)
    if to is not None:
        _give(form, editor, "Name", lambda: document.film("film name", name=to))
    to = form.number("Length", float(shots.film.duration), 0.05, "%.2f s", 0.1, 14400.0)
    if to is not None:
        _give(form, editor, "Length", lambda: document.film("film length", duration=round(to, 3)))
    to = form.lines("Story", shots.film.story, 3)
    if to is not None:
        _give(form, editor, "Story", lambda: document.film("film story", story=" ".join(to.split("\n"))))
    to = form.words("Font", shots.film.font or "", "Roboto, or a file beside the list")
    if to is not None:
        bold = shots.film.font_bold if to.strip() else None
        _give(form, editor, "Font", lambda: document.film("film font", font=to.strip() or None, font_bold=bold))
    shown = shots.film.run or shots.film.scenario or editor.scenario.name
    form.note(f"It shows {'the run ' if shots.film.run else ''}{shown}.")
    _commands(form, editor)
    _sound(form, editor)
    _fork(form, editor)


def _give(form: Form, editor, label: str, act) -> None:
    form.refuse(label, editor.attempt(act, quiet=form.typing))


def _commands(form: Form, editor) -> None:
    document, commands = editor.document, editor.document.shots.commands
    form.heading("Commands", "given in the run")
    changed = _given(form, editor, "run", commands)
    if changed is not None:
        label, given = changed
        _give(form, editor, label, lambda: document.commands(given, label))
    if form.buttons((("Add a command", None),)) is not None:
        at = editor.clock_of_playhead()
        editor.attempt(lambda: editor.document.commands((*commands, Given(at=at, command="limit site 250 kW"))))


def _given(form: Form, editor, name: str, commands) -> tuple[str, tuple] | None:
    """Fields of commands; the label of the one that was changed and all of them then."""
    found = None
    for k, given in enumerate(commands):
        label = f"{name} {k + 1}"
        words = given.command if isinstance(given.command, str) else editor.command_words(given.command)
        to = form.sentence(label, f"{given.at} {words}")
        if to is not None:
            head, _, rest = to.strip().partition(" ")
            if head.endswith("d") and rest:     # `1d 06:00 limit ...`
                clock, _, rest = rest.partition(" ")
                head = f"{head} {clock}"
            one = (Given(at=head, command=rest.strip()),) if to.strip() else ()
            found = label, (*commands[:k], *one, *commands[k + 1:])
    return found


def _sound(form: Form, editor) -> None:
    document, sound = editor.document, editor.document.shots.sound
    form.heading("Sound")
    to = form.words("File", (sound.file if sound else None) or "", "a WAV beside the list")
    if to is not None:
        _give(form, editor, "File", lambda: document.sound("sound file", file=to.strip() or None))
    if sound is not None and sound.file:
        to = form.number("Gain", sound.gain, 0.01, "%.2f", 0.0, 4.0)
        if to is not None:
            _give(form, editor, "Gain", lambda: document.sound("sound gain", gain=round(to, 2)))
        to = form.number("Fade out", sound.fade_out, 0.02, "%.1f s", 0.0, 60.0)
        if to is not None:
            _give(form, editor, "Fade out", lambda: document.sound("sound fade", fade_out=round(to, 2)))


def _fork(form: Form, editor) -> None:
    document, fork = editor.document, editor.document.shots.fork
    form.heading("Fork", "a second branch beside the first")
    if fork is None:
        if form.buttons((("Add a fork", None),)) is not None:
            editor.attempt(lambda: document.fork(new_fork(editor)))
        return
    for k in (0, 1):
        to = form.words(("First", "Second")[k], fork.names[k])
        if to is not None:
            names = (to, fork.names[1]) if k == 0 else (fork.names[0], to)
            _give(form, editor, ("First", "Second")[k],
                  lambda: document.fork(with_fields(fork, names=names), "fork name"))
    to = form.segments("Layout", LAYOUTS, fork.layout)
    if to:
        _give(form, editor, "Layout", lambda: document.fork(with_fields(fork, layout=to[0])))
    changed = _given(form, editor, "fork", fork.commands)
    if changed is not None:
        label, given = changed
        _give(form, editor, label, lambda: document.fork(with_fields(fork, commands=given) if given else None, label))
    hit = form.buttons((("Add a command", None), ("No fork", None)))
    if hit == 0:
        given = (*fork.commands, Given(at=fork.commands[-1].at, command="limit site 250 kW"))
        editor.attempt(lambda: document.fork(with_fields(fork, commands=given)))
    elif hit == 1:
        editor.attempt(lambda: document.fork(None))


def new_fork(editor) -> Fork:
    """A second branch from the run's start on, that comes into the picture where the playhead is."""
    at = editor.playhead.film_s
    end = editor.document.shots.film.duration
    first = min(at, end - 1) if end > 2 else at * 0
    given = Given(at=editor.first_clock(), command="strategy uncontrolled")
    split = SplitKey(at=milli(first), share=1.0), SplitKey(at=milli(min(first + 2, end)), share=0.5)
    return Fork(names=("With V2G", "Without"), commands=(given,), split=split)
