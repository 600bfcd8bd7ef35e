"""What hands do with the whole list: save it, have it rendered, leave it."""

from __future__ import annotations

import sys
from itertools import chain, count
from pathlib import Path

from game.editor.refusals import UNFIT, refusal
from game.editor.session import named_path
from game.film.plan import frame_range
from game.film.writing import found_from, save
from game.settings import user_folder
from game.ui.dialog import Choice, Dialog
from sim.errors import InputError


class Filing:
    """The part of the editor that knows of files."""

    _warned: str | None = None

    def save(self) -> None:
        """Save to the list's own file, or ask for one."""
        if self.session.path is None:
            return self.save_as()
        if self._sure(self.session.path, "Ctrl S"):
            self._write(self.session.path)

    def save_as(self) -> None:
        """Ask for a file and save there."""
        path = self.session.path or Path(f"{slug(self.document.shots.film.name)}.toml")
        self.hud.path.ask(str(path))
        self.hud.stir()

    def save_to(self, text: str) -> None:
        """Save to the file that was typed."""
        try:
            path = named_path(text)
            if self._sure(path, "Save") and self._write(path):
                self.hud.path.open = False
        except UNFIT as error:
            self.hud.path.refuse(refusal(error))

    def _sure(self, path: Path, how: str) -> bool:
        """Whether a file may be written: what would be lost is said once, and then done."""
        why = self.session.overwrites(path)
        if why is None or why == self._warned:
            self._warned = None
            return True
        self._warned = why
        self.hud.path.refuse(f"{why}; {how} again writes over it")
        self._say(self.hud.path.why)
        return False

    def _write(self, path: Path) -> bool:
        try:
            self.session, written = self.session.saved(self.document.shots, path)
        except InputError as error:
            self.hud.path.refuse(str(error))
            self._say(str(error))
            return False
        self.document.lies_in(self.session.shots)
        lost = f"; {written.lost} comment{'s' if written.lost > 1 else ''} of what changed went" if written.lost else ""
        self._say(f"Saved {path}{lost}")
        return True

    def rescue(self) -> None:
        """Keep what is not saved in a file of its own, where the editor ends of an error; a line on stderr says so."""
        if self.document is None or not self.document.dirty:
            return
        near, name = self.session.path, slug(self.document.shots.film.name)
        places = [(user_folder(), name)] if near is None else [(near.parent, near.stem), (user_folder(), near.stem)]
        for folder, stem in places:
            path = free_path(folder, f"{stem}.rescued")
            try:
                save(found_from(self.document.shots, folder), path)
            except Exception as error:  # Whatever it is, the error that ends the editor is told as well.
                said = f"what is not saved could not be rescued ({error})"
            else:
                said = f"what was not saved is in {path}"
                break
        print(f"voltyard: the film editor ends of an error; {said}", file=sys.stderr)

    def open_export(self) -> None:
        """Show how the film is to be rendered."""
        card = self.hud.export
        if card.open:
            card.open = False
        else:
            card.prepare(slug(self.document.shots.film.name), self.out, self.aspect_sides)
        self.hud.stir()

    def frames_of(self, request) -> tuple[int, tuple[int, int]]:
        """How many frames a request renders, and their size; raises InputError as the command line does."""
        picture = request.picture()
        first, last = frame_range(request.frames, self.document.shots, picture.fps)
        return last - first + 1, picture.size

    def quit(self) -> None:
        """Leave, but ask where something would be lost."""
        if self.hud.dialog is not None:
            return
        if self.hud.export.rendering is not None:
            return self.ask(Dialog("A film is being rendered", self.hud.export.progress_words(), [
                Choice("Wait for it", "back to the editor", self.close_dialog),
                Choice("Stop it and leave", "finished parts stay; the same export goes on from there", self._stop)],
                leave=False))
        if not self.document.dirty:
            return self._leave()

        def saved() -> None:
            self.close_dialog()
            self.save()
            if not self.document.dirty:
                self._leave()
        self.ask(Dialog("This film is not saved", self.document.shots.film.name, [
            Choice("Save and leave", str(self.session.path or "asks for a file"), saved),
            Choice("Leave without saving", "what changed is lost", self._leave),
            Choice("Go on", "back to the editor", self.close_dialog)], leave=True))

    def _stop(self) -> None:
        self.hud.export.close()
        self.close_dialog()
        self.quit()

    def _leave(self) -> None:
        self.running = False


def free_path(folder: Path, stem: str) -> Path:
    """A TOML file's path in a folder, that nothing has yet."""
    tries = chain([""], (f"_{k}" for k in count(2)))
    return next(path for end in tries if not (path := folder / f"{stem}{end}.toml").exists())


def slug(name: str) -> str:
    """A film's name as a file's."""
    return "_".join("".join(c if c.isalnum() else " " for c in name.lower()).split()) or "film"
