"""What a lesson's run is told by: a folder, its page, tables and statements, the records of trainees."""

import base64
import csv
import io
import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from cli import REPOSITORY
from PIL import Image
from worlds import command

from game import preflight
from game.cli import main
from game.stills import chosen
from sim.errors import InputError
from sim.model import Model
from sim.run import run
from sim.scenario import load
from sim.training.debrief import debrief
from sim.training.evidence import solution
from sim.training.export import write
from sim.training.lesson import Lesson, hints_taken, ticked
from sim.training.page import Still, page
from sim.training.records import Records, verify
from sim.training.xapi import statements

NOTE = 'a <b>"note"</b> & more'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The forecourt, played by the reference with a hint, a tick and a note."""
    path = tmp_path_factory.mktemp("runs") / "forecourt"
    lesson = load("busy_forecourt")
    extra = [(600.0, command("take_hint"), "trainee"), (700.0, command("tick_item", item=2), "trainee"),
             (800.0, command("annotate", text=NOTE), "instructor")]
    run(lesson, sorted([*solution(lesson), *extra], key=lambda timed: timed[0]), out=path)
    return path


@pytest.fixture(scope="module")
def told(folder):
    return debrief(folder)


def test_a_debrief_tells_the_score_and_what_each_decision_was_worth(told):
    assert told["verified"] is True and told["sheet"]["points"] == 96.0 and told["sheet"]["passed"]
    assert told["runs"]["reference"]["points"] == 100.0 > told["sheet"]["pass_mark"] > told["runs"]["nobody"]["points"]
    starts = [one for one in told["decisions"] if one["text"] in ("start F-21", "start F-12", "start F-31")]
    assert len(starts) == 3
    assert all(one["worth"] > 5.0 for one in starts)
    acknowledged = [one for one in told["decisions"] if one not in starts]
    assert {one["text"] for one in acknowledged} == {"acknowledge"} and all(one["worth"] > 0.0 for one in acknowledged)
    assert told["notes"] == []
    assert told["instructor"] == [{"t": 800.0, "kind": "note", "text": NOTE, "outcome": ""}]
    assert [item["done"] for item in told["checklist"]] == [False, True, False, False]
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_moments_are_in_order_and_name_injects_decisions_and_alarms(told):
    times, kinds = [m["t"] for m in told["moments"]], {m["kind"] for m in told["moments"]}
    assert times == sorted(times) and times[0] == 0.0 and told["moments"][-1]["kind"] == "end"
    assert {"inject", "decision", "loss"} <= kinds
    assert any(m["text"] == "fault F-21 GroundFailure" for m in told["moments"])


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.links = [], [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        self.links += [value for name, value in attributes if name in ("src", "href")]
        if tag not in ("meta", "link", "br", "img", "line", "path", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("line", "path", "circle"):
            assert self.open.pop() == tag


def test_the_page_stands_by_itself(told):
    text = page(told, 'Ada "<script>"', {0.0: Still("data:image/png;base64,AAAA", {"stress": float("nan")})})
    tags = Tags()
    tags.feed(text)
    assert tags.open == [] and "svg" in tags.seen and "script" not in tags.seen
    assert all(link.startswith("data:") for link in tags.links) and "http" not in text
    assert "NaN" not in text and "None" not in text and NOTE not in text and "&lt;b&gt;" in text


def test_each_picture_is_shown_once_with_its_figures_or_why_there_is_none(told):
    t_s = told["moments"][1]["t"]
    text = page(told, stills={t_s: Still("data:image/jpeg;base64,AAAA", {"net_kw": 93.2, "stress": float("nan")})})
    assert text.count("<img") == 1 and ": net 93 kW<" in text.split("<figcaption>")[1]
    text = page(told, why_none="no <driver> here")
    assert "<img" not in text and "no &lt;driver&gt; here" in text


def test_pictures_are_of_the_greatest_losses_first_and_apart():
    def moment(t_s, kind="decision", points=0.0):
        return {"t": t_s, "kind": kind, "text": "", "points": points}

    all_of = [moment(0.0, "start"), moment(100.0, "loss", 9.0), moment(101.0, "loss", 2.0),
              moment(900.0, "loss", 3.0), moment(2000.0), moment(2500.0, "inject"), moment(3000.0, "end")]
    assert chosen(all_of, 3) == [100.0, 900.0, 2000.0]
    assert chosen(all_of) == [0.0, 100.0, 900.0, 2000.0, 2500.0, 3000.0] and chosen([]) == []


DRAW = """
import json, sys
from pathlib import Path
from game.stills import stills
moments = [{"t": t_s, "kind": "decision", "text": "", "points": 0.0} for t_s in (1800.0, 12600.0)]
print(json.dumps(stills(Path(sys.argv[1]), moments)))
"""


def test_pictures_are_drawn_of_the_run_itself(folder):
    done = subprocess.run([sys.executable, "-c", DRAW, str(folder)], cwd=REPOSITORY, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert list(found) == ["1800.0", "12600.0"] and len({uri for uri, _ in found.values()}) == 2
    for t_s, (uri, figures) in found.items():
        assert figures["t_s"] == float(t_s) and figures["net_kw"] > 0.0, "of the picture, not of a tick before it"
        kind, _, data = uri.partition(",")
        picture = Image.open(io.BytesIO(base64.b64decode(data)))
        assert kind == "data:image/jpeg;base64" and picture.size == (800, 450)
        assert np.asarray(picture).std() > 10.0


def test_tables_and_statements_are_written(told, tmp_path):
    names = {path.name for path in write(told, tmp_path / "out", "Ada")}
    assert names == {"debrief.json", "debrief.html", "xapi.json", "moments.csv", "losses.csv", "decisions.csv",
                     "alarms.csv", "series.csv"}
    with open(tmp_path / "out" / "series.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[-1]["t_s"]) == told["until_s"] and len(rows) == len(told["series"]["yours"]["t_s"])
    found = json.loads((tmp_path / "out" / "xapi.json").read_text(encoding="utf-8"))
    assert found == statements(told, "Ada")
    assert [one["verb"]["display"]["en"] for one in found] == ["attempted", "scored", "scored", "passed"]
    assert found[-1]["result"]["score"]["scaled"] == 0.96 and found[-1]["result"]["duration"] == "PT14400S"
    assert len({one["id"] for one in found}) == 4 and found[0]["actor"]["account"]["name"] == "Ada"
    assert found != statements(told, "Bo")


def test_records_are_kept_verified_and_erased(told, folder, tmp_path):
    file = tmp_path / "trainees.sqlite"
    kept = Records(file)
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    for name, of in (("Ada Unforgettable", folder), ("Bo", folder), ("Ada Unforgettable", again)):
        first = kept.add(name, told, of, "0.1.0")
        assert kept.add(name, told, of, "0.1.0") == first, "a debrief that is written again is no other attempt"
    mine = Records(file).attempts("Ada Unforgettable")
    assert [(one["points"], one["passed"], one["hints"]) for one in mine] == [(96.0, True, 1)] * 2
    assert verify(mine[0]) is None
    assert "the score is 96, not 99" in verify(mine[0] | {"points": 99.0})
    assert "another run" in verify(mine[0] | {"digest": "0" * 32})
    assert kept.delete("Ada Unforgettable") == 2 and kept.delete("Ada Unforgettable") == 0
    assert [one["trainee"] for one in kept.attempts()] == ["Bo"]
    assert b"Unforgettable" not in file.read_bytes(), "erased is erased on the disk too"
    with pytest.raises(InputError, match="1 to 80 characters"):
        kept.add("  ", told, folder, "0.1.0")
    (tmp_path / "other.sqlite").write_text("no database at all, only text that is long enough to be one")
    with pytest.raises(InputError, match="no records of trainees"):
        Records(tmp_path / "other.sqlite")


def cli(monkeypatch, *arguments) -> int:
    monkeypatch.setattr("sys.argv", ["voltyard", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code or 0


def test_the_command_line_debriefs_and_keeps_records(monkeypatch, tmp_path, folder, capsys):
    file = tmp_path / "kept" / "r.sqlite"
    monkeypatch.setattr(preflight, "missing_libraries", lambda *_: {"libEGL.so.1": "libegl1"})
    assert cli(monkeypatch, "debrief", folder, "-o", tmp_path / "out", "--trainee", "Ada", "--records", file) == 0
    assert "libegl1" in (tmp_path / "out" / "debrief.html").read_text(encoding="utf-8")
    assert "96.0 points, passed (pass mark 75), verified" in capsys.readouterr().out
    assert cli(monkeypatch, "records", "--records", file, "--verify") == 0
    assert "96.0 points, passed, 1 hints, verified" in capsys.readouterr().out
    for name in ("all.json", "all.csv"):
        assert cli(monkeypatch, "records", "--records", file, "--export", tmp_path / name) == 0
        assert "Ada" in (tmp_path / name).read_text(encoding="utf-8")
    assert cli(monkeypatch, "records", "--records", file, "--export", tmp_path / "all.xls") == 2
    assert cli(monkeypatch, "records", "--records", file, "--delete") == 2
    assert cli(monkeypatch, "records", "--records", file, "--delete", "--trainee", "Ada") == 0
    assert cli(monkeypatch, "debrief", tmp_path / "nothing") == 2
    assert "expected a run folder" in capsys.readouterr().err


def test_a_run_that_is_no_lesson_or_not_over_has_no_debrief(tmp_path):
    run(load("empty_lot"), until_s=3600.0, out=tmp_path / "lot")
    with pytest.raises(InputError, match="no exercise"):
        debrief(tmp_path / "lot")
    run(load("first_lesson"), until_s=3600.0, out=tmp_path / "half")
    shutil.rmtree(tmp_path / "half/history")  # as a kill leaves it that came early
    with pytest.raises(InputError, match="not over"):
        debrief(tmp_path / "half")


def test_steps_of_a_tutorial_are_done_one_by_one():
    model = Model(load("first_lesson"))
    lesson, said = Lesson(model), []
    assert not lesson.update(model) and lesson.step.event == "limit_exceeded"
    for t_s, order, _ in [(600.0, command("acknowledge_alarm"), ""), *solution(model.scenario)]:
        model.advance(t_s)
        lesson.update(model)
        model.submit(order)
        lesson.update(model)
        said.append(len(lesson.done_s))
    model.advance(7200.0)
    assert lesson.update(model) and lesson.step is None
    assert said == [0, 0, 3], "the model enters the excess when its stretch is over; too early does not count"
    assert lesson.done_s[:3] == [21 * 60.0, 23 * 60.0, 25 * 60.0]
    assert hints_taken(model) == []
    model.submit(command("take_hint"))
    assert [hint.price for hint in hints_taken(model)] == [3.0] and ticked(model.commands) == set()
