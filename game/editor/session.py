"""Which shot list of which run is edited, and where it is kept. No graphics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from pathlib import Path

from game.film import shots as lists
from game.film.plan import Run, run_of
from game.film.shots import ShotList, from_dict
from game.film.writing import Written, found_from, save
from game.settings import Settings, load_settings
from sim.errors import InputError
from sim.recording import read
from sim.timing import clock_label

NEW_S = 30
FROM, TO = 0.05, 0.25   # of the scenario's time, that a new list shows


@dataclass(frozen=True)
class Session:
    """A list and the run that it shows. `path` is its own file, None while it has none that may be written;
    `shipped` says that it is so because it came with the program; `text` is what its file said last."""

    run: Run
    shots: ShotList
    path: Path | None
    settings: Settings
    shipped: bool = False
    text: str = ""

    def saved(self, shots: ShotList, path: Path) -> tuple[Session, Written]:
        """Write the list, to a file in any folder; raises InputError."""
        found = found_from(shots, path.parent)
        written = save(found, path)
        kept = found.model_copy()
        kept._source, kept._folder = str(path), path.parent
        return replace(self, shots=kept, path=path, shipped=False, text=written.text), written

    def overwrites(self, path: Path) -> str | None:
        """What would be lost by writing to a file: another's work. None for nothing."""
        if not path.exists():
            return None
        if self.path is None or path.resolve() != self.path.resolve():
            return f"{path} is there already"
        try:
            same = path.read_text(encoding="utf-8") == self.text
        except (OSError, UnicodeDecodeError):
            same = False
        return None if same else f"{path} has been changed meanwhile"

    def rerun(self, shots: ShotList) -> Run:
        """The run with the commands that a list gives it now; raises InputError."""
        return run_of(None, shots, None, {})


def session_of(reference: str | None, shown: str | None) -> Session:
    """A shot list by name or path over its own run or another, or a new one over `shown`, a scenario or a run
    folder, by default the settings' own. Raises InputError."""
    settings = load_settings()
    if reference is None:
        shown = shown or settings.start.scenario
        new = _new(shown)
        return Session(run_of(None, new, None, {}), new, None, settings)
    listed = lists.load(reference)
    path = Path(listed.source)
    own = None if path.resolve().parent == lists.SHOTS_DIR.resolve() else path
    if shown is not None:
        listed = _about(listed, shown)
    return Session(run_of(None, listed, None, {}), listed, own, settings, own is None,
                   own.read_text(encoding="utf-8") if own else "")


def session_of_run(folder: Path, until_s: float, settings: Settings) -> Session:
    """A new list over a run that is kept in a folder and has come to an instant (s); raises InputError."""
    scenario = read(folder).scenario
    shots = _listed(scenario, {"run": str(folder.resolve())}, 0.0, floor(until_s))
    return Session(run_of(None, shots, None, {}), shots, None, settings)


def _new(shown: str) -> ShotList:
    """A list that can be filmed as it is: one look at the whole site."""
    named = {"run" if Path(shown).is_dir() else "scenario": shown}
    bare = from_dict({"film": {"name": "New film", "duration": NEW_S, **named}, "time": [{"at": 0, "sim": 0}]},
                     "new film", Path.cwd())
    run = run_of(None, bare, None, {})
    whole = run.until_s
    return _listed(run.scenario, named, FROM * whole, floor(TO * whole))


def _listed(scenario, named: dict, since_s: float, until_s: float) -> ShotList:
    title = scenario.name.replace("_", " ").capitalize()
    since, until = (time_words(t_s, scenario) for t_s in (since_s, until_s))
    return from_dict({
        "film": {"name": title, "story": scenario.story, "duration": NEW_S, **named},
        "camera": [{"at": 2, "look": "default", "ease": "rest"}],
        "time": [{"at": 2, "sim": since}, {"at": NEW_S - 2, "sim": until}],
        "view": [{"at": 0, "names": False}],
        "titles": [{"kind": "opening", "at": 0.5, "until": 5, "title": title}]}, "new film", Path.cwd())


def _about(listed: ShotList, shown: str) -> ShotList:
    """The list over another run."""
    kind = "run" if Path(shown).is_dir() else "scenario"
    reference = str(Path(shown).resolve()) if Path(shown).exists() else shown
    about = listed.film.model_copy(update={"run": None, "scenario": None, "seed": None, "overrides": {},
                                           kind: reference})
    found = listed.model_copy(update={"film": about})
    found._source, found._folder = listed.source, listed.folder
    return found


def time_words(t_s: float, scenario) -> str | float:
    """An instant as a file would say it, to the second: `18:30`, `1d 06:00:20`."""
    whole = float(round(t_s))
    words = clock_label(whole, scenario.start)
    seconds = int(scenario.start.timestamp() + whole) % 60
    words += f":{seconds:02d}" if seconds else ""
    try:
        return words if scenario.seconds(words) == whole else whole
    except ValueError:
        return whole


def speed_words(film_s: Fraction, sim_s: float) -> str:
    """How much faster than life a stretch of film goes."""
    if sim_s <= 0.0:
        return "frozen"
    speed = sim_s / float(film_s)
    return f"×{speed:.0f}" if speed >= 10.0 else f"×{speed:.2g}"


def named_path(text: str) -> Path:
    """A file's path as it is typed; raises InputError."""
    text = text.strip()
    if not text:
        raise InputError("expected a file's name")
    path = Path(text).expanduser()
    return path if path.suffix else path.with_suffix(".toml")
