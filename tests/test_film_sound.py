"""A film's sound: as long as the picture, at its moments, in any form a WAV comes in, never clipped, never a click."""

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import homes
from game.film import shots as lists
from game.film.plan import Plan, frame_range, run_of
from game.film.render import render
from game.film.sound import CEILING, RATE_HZ, soundtrack
from game.film.tracks import Tracks
from game.look import Tier
from game.scene.layout import Layout
from game.ui.sound import tone
from sim.errors import InputError

LIST = """
[film]
name = "Sound"
scenario = "evening_peak"
duration = 8
[[time]]
at = 0
sim = "15:00"
[sound]
"""
FORMS = {"u1": (1, lambda x: np.rint(x * 127.0) + 128), "<i2": (1, lambda x: np.rint(x * 32767.0)),
         "<i3": (1, lambda x: np.rint(x * 8388607.0)), "<f4": (3, lambda x: x)}


def plan_of(folder: Path, sound: str, frames=None, **options) -> Plan:
    path = folder / "shots.toml"
    path.write_text(LIST + sound)
    shots, fps = lists.load(str(path)), options.setdefault("fps", Fraction(6))
    first, last = frame_range(frames, shots, fps)
    return Plan(run_of(None, shots, None, {}), shots, (64, 64), tier=Tier.LOW, crf=18, first=first, last=last, **options)


def write_wav(path: Path, wave: np.ndarray, rate: int = RATE_HZ, form: str = "<i2", channels: int = 1) -> None:
    kind, made = FORMS[form]
    samples = np.repeat(made(wave), channels)
    width = int(form[-1])
    data = samples.astype("<i4" if form == "<i3" else form).tobytes()
    if form == "<i3":
        data = np.frombuffer(data, np.uint8).reshape(-1, 4)[:, :3].tobytes()
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, kind, channels, rate, rate * width * channels, width * channels, 8 * width)
        + b"data" + struct.pack("<I", len(data)) + data)


def heard_in(path: Path) -> tuple[np.ndarray, float, float]:
    """What is decoded of a film, (n,), and how long its picture and its sound are, s."""
    with av.open(str(path)) as film:
        lengths = [float(stream.duration * stream.time_base) for stream in (film.streams.video[0], film.streams.audio[0])]
        wave = np.concatenate([frame.to_ndarray()[0] for frame in film.decode(audio=0)])
    return wave, *lengths


@given(st.sampled_from([8_000, 11_025, 44_100, 48_000, 96_000]), st.sampled_from(sorted(FORMS)), st.sampled_from([1, 2, 6]))
def test_a_wav_of_any_form_is_heard_as_it_is(tmp_path_factory, rate, form, channels):
    folder = tmp_path_factory.mktemp("wav")
    t = np.arange(2 * rate) / rate
    write_wav(folder / "a.wav", np.sin(2.0 * np.pi * 440.0 * t) * (0.1 + 0.3 * (t >= 1.0)), rate, form, channels)
    heard = soundtrack(plan_of(folder, 'file = "a.wav"\nfade_out = 0'))[0]
    loud = np.abs(heard[RATE_HZ // 4:RATE_HZ // 2]).max()
    spectrum = np.abs(np.fft.rfft(heard[RATE_HZ // 4:RATE_HZ * 3 // 4]))
    assert spectrum.argmax() * 2 == pytest.approx(440, abs=2)
    assert channels == 6 or loud == pytest.approx(0.1, abs=0.012)
    begins = int(np.argmax(np.abs(heard) > 2.0 * loud))     # where it becomes louder, to half a wave
    assert begins == pytest.approx(RATE_HZ, abs=RATE_HZ / 440)
    assert np.abs(heard[2 * RATE_HZ + 500:]).max() < 1e-6


def test_a_film_sounds_as_long_as_it_is_seen(tmp_path):
    text = 'file = "hum.wav"\ngain = 0.5\nfade_out = 1.0\ncues = [{ at = 7.3 }]\n'
    with pytest.raises(InputError, match="shots.toml: sound.file: hum.wav: no such file"):
        soundtrack(plan_of(tmp_path, text))
    (tmp_path / "hum.wav").write_bytes(b"no wave")
    with pytest.raises(InputError, match="shots.toml: sound.file: hum.wav: no sound that can be read"):
        soundtrack(plan_of(tmp_path, text))
    silent = plan_of(tmp_path, text).digest()
    write_wav(tmp_path / "hum.wav", np.full(5 * 24_000, 0.5), 24_000)
    heard = soundtrack(plan_of(tmp_path, text))
    assert heard.shape == (2, 8 * RATE_HZ)
    assert np.abs(heard[:, 1000:4 * RATE_HZ - 1000] - 0.25).max() < 0.01
    assert np.abs(heard[:, 6 * RATE_HZ:7 * RATE_HZ]).max() == 0.0
    assert np.allclose(heard[0, round(7.3 * RATE_HZ):][:len(tone(RATE_HZ))], tone(RATE_HZ), atol=1e-6)
    part = soundtrack(plan_of(tmp_path, text, "6-11"))
    assert np.array_equal(part, heard[:, RATE_HZ:2 * RATE_HZ])
    assert plan_of(tmp_path, text).digest() != silent


def test_picture_and_sound_of_a_file_keep_together(tmp_path):
    plan = plan_of(tmp_path, "cues = [{ at = 1.5 }]", "6-13")
    decoded, seen_s, heard_s = heard_in(render(plan, tmp_path / "a.mp4").out)
    assert abs(seen_s - heard_s) < 1 / plan.fps
    wanted = soundtrack(plan)[0]
    count = len(wanted)
    along = np.fft.irfft(np.fft.rfft(decoded, 4 * count) * np.conj(np.fft.rfft(wanted, 4 * count)))
    assert along.argmax() == 0      # to the sample
    assert abs(np.abs(decoded).max() - np.abs(wanted).max()) < 0.02


def test_it_neither_clips_nor_clicks(tmp_path):
    write_wav(tmp_path / "full.wav", np.sin(np.arange(3 * RATE_HZ) * 0.02 + 1.5))      # begins and ends in mid-wave
    loud = soundtrack(plan_of(tmp_path, 'file = "full.wav"\ngain = 4.0\nfade_out = 0.0\ncues = [{ at = 1 }, { at = 7.9 }]'))
    quiet = soundtrack(plan_of(tmp_path, 'file = "full.wav"\ngain = 0.4\nfade_out = 0.0'))
    assert np.abs(loud).max() == pytest.approx(CEILING, abs=1e-4) and np.abs(quiet).max() == pytest.approx(0.4, abs=0.01)
    for heard in (loud, quiet):
        ends = np.abs(np.diff(heard[0, :], prepend=0.0, append=0.0))
        assert ends.max() < 0.03 and max(ends[0], ends[-1]) < 1e-3
    sound = 'file = "full.wav"\ngain = 4.0\ncues = [{ at = 1.3 }, { at = 7.9 }]'
    whole, part = soundtrack(plan_of(tmp_path, sound)), soundtrack(plan_of(tmp_path, sound, "6-46"))
    assert np.array_equal(part, whole[:, RATE_HZ:RATE_HZ * 47 // 6])     # whichever frames are rendered
    with pytest.raises(InputError, match="sound.cues.0.at: after the film's end"):
        plan_of(tmp_path, "cues = [{ at = 8 }]")


def test_the_tone_of_what_if_is_at_its_event():
    shots = lists.load("what_if")
    run = run_of(None, shots, None, {})
    model = run.models()[1]
    model.advance(5.0 * 3600.0)
    lost_s = next(event["t"] for event in model.events if event["kind"] == "supply_lost")
    poses = homes.named(run.scenario, Layout(run.scenario.site.layout, model.world))
    tracks = Tracks(shots, run.scenario, poses, lambda name: True)
    assert [tracks.sim_s(cue.at) for cue in shots.sound.cues] == [pytest.approx(lost_s, abs=5.0)]
