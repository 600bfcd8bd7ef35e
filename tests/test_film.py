"""Films: exact frames, the same whichever others are drawn and however often; chunks that survive a kill."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from cli import REPOSITORY, voltyard

from game.camera import Pose
from game.film import shots as lists
from game.film.codecs import CODECS, ChunkWriter, codec_named, join, parse_fps
from game.film.plan import Plan, frame_range, run_of
from game.film.reel import Reel, frame_hash
from game.film.render import render, verify
from game.film.rendering import Rendering
from game.film.request import Request
from game.film.work import Work, alone
from game.look import Tier
from sim.errors import InputError

SIZE = (192, 108)
SHOTS = """
[film]
name = "test"
scenario = "evening_peak"
duration = 8

[[camera]]
at = 0

[[camera]]
at = 6
turn = 40
fov = 30

[[time]]
at = 0
sim = "17:30"

[[time]]
at = 8
sim = "18:30"

[[titles]]
kind = "figure"
at = 0
until = 7
title = "{clock}"
value = "{net_kw:.0f}"
unit = "kW"

[[titles]]
kind = "callout"
at = 1
until = 8
of = "POOL-03"
title = "{vehicle}"
text = "{kw:+.1f} kW"
"""


def picture(k: int) -> np.ndarray:
    y, x = np.mgrid[0:90, 0:160]
    return np.stack([(x + 3 * k) % 256, (y * 2) % 256, np.full_like(x, 40)], -1).astype(np.uint8)


def facts(path):
    """Of a film: pictures, their times, and what the stream says of itself."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        frames = [(frame.to_ndarray(format="rgb24"), frame.pts * frame.time_base)
                  for frame in film.decode(stream)]
        context = stream.codec_context
        about = {"frames": stream.frames, "fps": stream.average_rate, "form": context.pix_fmt,
                 "range": context.color_range, "space": context.colorspace,
                 "primaries": context.color_primaries, "curve": context.color_trc,
                 "length": stream.duration * stream.time_base,
                 "sound": [s.codec_context.name for s in film.streams.audio]}
    return [p for p, _ in frames], [t for _, t in frames], about


def plan_of(folder: Path, text: str = SHOTS, **options) -> Plan:
    path = folder / "shots.toml"
    path.write_text(text)
    shots = lists.load(str(path))
    usual = dict(size=SIZE, fps=Fraction(6), tier=Tier.LOW, crf=18)
    first, last = frame_range(options.pop("frames", None), shots, options.get("fps", usual["fps"]))
    return Plan(run_of(None, shots, None, {}), shots, **(usual | options), first=first, last=last)


@pytest.mark.parametrize("name", CODECS)
def test_joined_chunks_are_one_film(name, tmp_path):
    codec, fps, chunks = codec_named(name), Fraction(60000, 1001), []
    for first, count in ((0, 7), (7, 3), (10, 2), (12, 1)):
        path = tmp_path / f"{first}{codec.suffixes[0]}"
        with ChunkWriter(path, codec, codec.crf, (160, 90), fps) as writer:
            for k in range(first, first + count):
                writer.add(picture(k))
        chunks.append((path, count))
    out = tmp_path / f"film{codec.suffixes[0]}"
    join(chunks, out, fps, np.zeros((2, 10_010), np.float32))
    pictures, times, about = facts(out)
    assert times == [k / fps for k in range(13)]
    assert (about["frames"], about["fps"], about["length"], about["sound"]) == (13, fps, 13 / fps, ["aac"])
    assert about["form"] == codec.form
    if not codec.rgb:
        assert (about["range"], about["space"], about["primaries"], about["curve"]) == (1, 1, 1, 1)
    for k, seen in enumerate(pictures):
        assert np.abs(seen.astype(int) - picture(k)).mean() < 6.0
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("film")


@pytest.fixture(scope="module")
def film(folder):
    """A film rendered in one go, and what was kept beside it."""
    plan = plan_of(folder)
    seen = []
    work = render(plan, folder / "a.mp4", progress=lambda done, total: seen.append((done, total)))
    assert seen == [(k, 48) for k in range(1, 49)]
    return plan, work


def test_a_film_is_what_players_accept(film):
    pictures, times, about = facts(film[1].out)
    assert times == [Fraction(k, 6) for k in range(48)]
    assert about == {"frames": 48, "fps": 6, "form": "yuv420p", "range": 1, "space": 1, "primaries": 1,
                     "curve": 1, "length": 8, "sound": []}
    assert pictures[0].shape == (*SIZE[::-1], 3) and all(p.std() > 5.0 for p in pictures)
    assert len({p.tobytes() for p in pictures}) == 48


def test_a_frame_is_the_same_whichever_others_are_drawn(film):
    plan, work = film
    reel = Reel(plan)
    try:
        for frame, drawn in reel.frames([7, 8, 31, 47]):
            assert frame_hash(drawn) == work.finished()[frame]
    finally:
        reel.close()
    assert verify(plan, work, 3) == []


def test_the_camera_of_the_stage_stands_as_its_pose_says(film):
    reel = Reel(film[0])
    try:
        shell = reel._stage.shell
        pose = Pose((1.0, 2.0, 3.0), 20.0, 30.0, 25.0, 40.0)
        shell.place_camera(pose)
        seen = shell.camera.get_mat(shell.base.render)
        forward, right, up = pose.axes()
        for row, axis in ((0, right), (1, up), (2, forward)):
            assert np.allclose(tuple(seen.get_row3(row)), axis, atol=1e-5)
        shell.open_lens(20.0)
        assert shell.lens.get_vfov() == pytest.approx(20.0)
    finally:
        reel.close()


def test_a_camera_may_follow_from_the_first_frame_on(tmp_path):
    reel = Reel(plan_of(tmp_path, SHOTS.replace("[[camera]]\nat = 0\n", '[[camera]]\nat = 0\nfollow = "POOL-03"\n')))
    try:
        next(reel.frames([0]))
        place, camera = reel._stage.place("POOL-03"), reel._stage.shell.camera.get_pos(reel._stage.shell.root)
        assert np.linalg.norm(np.array(place)) > 1.0
        pose, _ = reel.tracks.camera(Fraction(0), reel._stage.place)
        assert np.allclose(tuple(camera), pose.eye(), atol=1e-3)
        assert np.allclose(pose.target, np.array(place) + (0.0, 1.0, 0.0))
    finally:
        reel.close()


def test_verifying_finds_a_frame_that_differs(film, monkeypatch):
    plan, work = film
    wrong = ["0" * 32 for _ in work.finished()]
    monkeypatch.setattr(work, "finished", lambda: wrong)
    assert len(verify(plan, work, 2)) == 2


def test_nothing_is_rendered_twice(film):
    plan, work = film
    before = work.out.stat().st_mtime_ns
    again = render(plan, work.out, progress=lambda *_: pytest.fail("it rendered"))
    assert again.out.stat().st_mtime_ns == before and again.finished() == work.finished()
    assert sorted(path.name for path in work.folder.iterdir()) == ["manifest.json", "thumbnail.png"]


def test_chunks_of_another_film_are_not_taken(folder, film):
    plan, out = film[0], folder / "b.mp4"
    work = Work(out, plan)
    chunk = work.chunks()[0]
    with ChunkWriter(chunk.partial, plan.codec, 18, SIZE, plan.fps) as writer:
        for _ in chunk.frames:
            writer.add(np.zeros((*SIZE[::-1], 3), np.uint8))
    work.keep(chunk, ["0"] * len(chunk.frames))
    assert Work(out, plan).hashes(chunk) == ["0"] * len(chunk.frames)
    for other in (plan_of(folder, SHOTS.replace("turn = 40", "turn = 41")), plan_of(folder, crf=20),
                  plan_of(folder, SHOTS.replace('"evening_peak"', '"evening_peak"\nseed = 4'))):
        assert other.digest() != plan.digest()
        assert all(Work(out, other).hashes(one) is None for one in Work(out, other).chunks())
    assert not chunk.path.exists()


def test_a_film_that_another_process_makes_is_left_to_it(folder, film):
    with alone(folder / "g.mp4"), pytest.raises(InputError, match="g.mp4: another process is rendering it"):
        render(film[0], folder / "g.mp4")
    assert not (folder / "g.mp4").exists()


def test_a_chunk_that_was_torn_does_not_count(folder, film):
    work = Work(folder / "c.mp4", film[0])
    chunk = work.chunks()[0]
    chunk.partial.write_bytes(b"half a chu")
    work.keep(chunk, ["0"] * len(chunk.frames))
    assert work.hashes(chunk) is not None
    chunk.path.write_bytes(b"half")
    assert work.hashes(chunk) is None


def test_a_film_killed_at_random_moments_goes_on_and_is_the_same(folder, film):
    out, log = folder / "d.mp4", folder / "log"
    words = [sys.executable, "-m", "game", "film", "--shots", folder / "shots.toml", "-o", out, "--fps", "6",
             "--size", f"{SIZE[0]}x{SIZE[1]}", "--tier", "low"]
    plan_of(folder)
    draw = random.Random(5)
    work = out.with_name(out.name + ".work")
    for began in ("0*.json", ".{}-*"):  # a chunk is whole; another one has begun
        with open(log, "w") as said:
            process = subprocess.Popen(words, cwd=REPOSITORY, stderr=said, stdout=said,
                                       env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
        while process.poll() is None and not list(work.glob(began.format(process.pid))):
            time.sleep(0.005)
        time.sleep(draw.uniform(0.0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
    kept = {path.name: path.stat().st_mtime_ns for path in work.glob("0*.json")}
    assert kept and not out.exists(), log.read_text()
    rendered = []
    done = render(film[0], out, progress=lambda k, total: rendered.append(total))
    assert rendered[0] == 48 - 12 * len(kept)
    assert done.finished() == film[1].finished()
    assert out.read_bytes() == film[1].out.read_bytes()


def test_several_processes_render_the_same_film(folder, film):
    out = folder / "e.mp4"
    done = voltyard("film", "--shots", folder / "shots.toml", "-o", out, "--fps", 6, "--size", "192x108",
                    "--tier", "low", "--jobs", 2)
    assert (done.returncode, done.stdout) == (0, f"{out}\n"), done.stderr
    assert out.read_bytes() == film[1].out.read_bytes()


def test_a_rendering_beside_the_editor_ends_with_its_helpers_when_it_is_stopped(folder, film):
    plan_of(folder)
    request = Request(shots=str(folder / "shots.toml"), fps="6", size=f"{SIZE[0]}x{SIZE[1]}", tier="low")
    rendering = Rendering(request, folder / "f.mp4", 2)
    try:
        while not rendering.done and not rendering.ended:
            rendering.look()
            time.sleep(0.01)
        assert rendering.done and not rendering.why
        mine = _children(rendering._process.pid)
        assert len(mine) >= 2
    finally:
        rendering.stop()
    assert rendering.ended and not any(Path(f"/proc/{pid}").exists() for pid in mine)
    assert not (folder / "f.mp4").exists()


def _children(pid: int) -> list[int]:
    """Processes that a process has started."""
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_supersampling_and_blur_show_the_same_in_more_light(folder, film):
    plan = plan_of(folder, supersample=2, blur=3)
    plain, fine = Reel(film[0]), None
    _, sharp = next(plain.frames([20]))
    plain.close()
    fine = Reel(plan)
    _, soft = next(fine.frames([20]))
    fine.close()
    assert soft.shape == sharp.shape and soft.dtype == np.uint8
    assert 0.5 < np.abs(soft.astype(int) - sharp).mean() < 16.0


def test_memory_does_not_grow_with_frames(film):
    resource = pytest.importorskip("resource")
    reel = Reel(film[0])
    try:
        list(reel.frames(range(12)))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        list(reel.frames(range(12, 48)))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16_000
    finally:
        reel.close()


FORKED = SHOTS + """
[fork]
names = ["With V2G", "Without"]
commands = [{ at = "15:00", command = "strategy uncontrolled" }]
split = [{ at = 0, share = 1.0 }, { at = 3, share = 0.5 }, { at = 5, share = 0.5 }, { at = 8, share = 0.0 }]
"""


def test_a_fork_shows_both_branches_and_what_they_differ_by(folder):
    text = FORKED.replace('value = "{net_kw:.0f}"', 'value = "{difference.net_kw:+.0f}"')
    plan = plan_of(folder, text)
    reel = Reel(plan)
    try:
        pictures = {frame: drawn for frame, drawn in reel.frames([0, 24, 40])}
        one, both = pictures[0], pictures[24]
        a, b = reel._models
        assert a.now_s == b.now_s and a.site_power(a.now_s)[0] < b.site_power(b.now_s)[0]
        difference = b.site_power(b.now_s)[0] - a.site_power(a.now_s)[0]
        said = float(reel._words[0].value.replace("\N{MINUS SIGN}", "-"))
        assert said == pytest.approx(difference, abs=40.0)
    finally:
        reel.close()
    straight = Reel(plan)
    try:
        assert all(np.array_equal(drawn, both) for _, drawn in straight.frames([24]))
    finally:
        straight.close()
    alone = Reel(plan_of(folder))
    try:
        _, drawn = next(alone.frames([0]))
    finally:
        alone.close()
    assert np.array_equal(one[40:], drawn[40:])     # before the border comes it is one picture
    border = both[:, SIZE[0] // 2 - 1:SIZE[0] // 2 + 1].astype(int)
    assert border[60:].mean() > both[60:, SIZE[0] // 2 - 12:SIZE[0] // 2 - 4].mean()


def test_a_recorded_run_is_filmed_as_it_was(folder):
    done = voltyard("run", "evening_peak", "--until", "18:00", "--strategy", "uncontrolled", "--out",
                    folder / "run")
    assert done.returncode == 0, done.stderr
    shots = plan_of(folder, SHOTS.replace("18:30", "18:00")).shots
    run = run_of(str(folder / "run"), shots, None, {})
    model, = run.models()
    model.advance(run.until_s)
    model.close_books()
    assert model.world.digest() == json.loads((folder / "run" / "run.json").read_text())["digest"]
    with pytest.raises(InputError, match="is shown as it was"):
        run_of(str(folder / "run"), shots, 4, {})
    late = Plan(run, plan_of(folder).shots, SIZE, Fraction(6), tier=Tier.LOW, last=47)
    with pytest.raises(InputError, match="shots.toml: time: goes on to 12525 s, the run ends at 10800 s"):
        Reel(late)


@pytest.mark.parametrize("text, expected", [
    ("0", "--fps 0: expected"), ("abc", "--fps abc"), ("30/0", "--fps 30/0"), ("1000", "--fps 1000")])
def test_rates_that_are_none_are_refused(text, expected):
    with pytest.raises(InputError, match=expected):
        parse_fps(text)
    assert parse_fps("60000/1001") == Fraction(60000, 1001)


@pytest.mark.parametrize("change, expected", [
    (("{net_kw:.0f}", "{net_kws}"), "shots.toml: titles.0: no figure 'net_kws'"),
    (("{net_kw:.0f}", "{net_kw:.0q}"), "shots.toml: titles.0: {net_kw:.0q}"),
    (("{net_kw:.0f}", "{soc_pct}"), "shots.toml: titles.0: soc_pct is a vehicle's"),
    (("{net_kw:.0f}", "{b.net_kw}"), "shots.toml: titles.0: {b.net_kw}: the film has one branch"),
    (("{net_kw:.0f}", "{net_kw"), "shots.toml: titles.0:"),
    (("{net_kw:.0f}", "{net_kw.__class__}"), "shots.toml: titles.0: {net_kw.__class__}: expected one of"),
])
def test_figures_that_are_none_are_named(tmp_path, change, expected):
    with pytest.raises(InputError) as error:
        Reel(plan_of(tmp_path, SHOTS.replace(*change)))
    assert expected in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("words, expected", [
    (["--codec", "xvid"], "--codec xvid: expected one of h264"),
    (["--codec", "prores"], "expected a name that ends in .mov"),
    (["--crf", "99"], "--crf 99: expected 0 (best) to 51"),
    (["--frames", "9-1"], "--frames 9-1: expected A-B"),
    (["--supersample", "5"], "--supersample 5: expected 1 to 4"),
    (["--motion-blur", "0"], "--motion-blur 0"),
    (["--jobs", "0"], "--jobs 0: expected 1 to 64 processes"),
    (["--shots", "nope"], "unknown shot list 'nope'"),
    (["--shots", "evening_peak", "--from", "17:00"], "--from: the shot list says"),
    (["--size", "8192x8192", "--supersample", "4"], "--size: OpenGL here draws"),
])
def test_what_is_wrong_is_said_before_anything_is_rendered(tmp_path, words, expected):
    done = voltyard("film", "evening_peak", "-o", tmp_path / "x.mp4", *words)
    assert done.returncode == 2 and expected in done.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
