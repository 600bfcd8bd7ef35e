"""A film's sound: a WAV file, tones at given moments, or both, as long as the film."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import av
import numpy as np

from game.film.plan import Plan
from game.film.shots import wrong
from game.ui.sound import tone

RATE_HZ = 48_000
RAMP_S = 0.01           # in which what begins or ends in mid-wave does, so that it does not click
BLOCK = 60 * RATE_HZ     # samples that are mixed at once
CEILING = 0.891         # of full scale, -1 dB: louder sound is turned down as a whole


def sound_file(plan: Plan) -> Path | None:
    """The WAV file of a plan, once it is there; raises InputError."""
    sound = plan.shots.sound
    if sound is None or sound.file is None:
        return None
    path = plan.shots.folder / sound.file
    if not path.is_file():
        raise wrong(plan.shots, "sound.file", f"{sound.file}: no such file beside the shot list")
    return path


def soundtrack(plan: Plan) -> np.ndarray | None:
    """Samples of the frames that a plan renders, float32 (2, n) at RATE_HZ; None where it is silent.

    Raises InputError for a file that holds no sound. Frames have the same sound whichever others are rendered.
    """
    sound = plan.shots.sound
    if sound is None:
        return None
    length = round(float(plan.shots.film.duration) * RATE_HZ)
    heard, path = [], sound_file(plan)
    if path is not None:
        part = _read(path, length)
        if part is None:
            raise wrong(plan.shots, "sound.file", f"{sound.file}: no sound that can be read")
        part *= np.float32(sound.gain)
        _fade(part, RAMP_S)
        _fade(part[:, ::-1], max(sound.fade_out, RAMP_S))
        heard.append((0, part))
    note = np.tile(tone(RATE_HZ), (2, 1))
    heard += [(round(float(cue.at) * RATE_HZ), note) for cue in sound.cues]
    # How loud the whole film is counts for each part of it; it is never there at once.
    loudest = max((float(np.abs(_mixed(heard, first, min(first + BLOCK, length), length)).max())
                   for first in range(0, length, BLOCK)), default=0.0)
    first, last = (round(float(plan.film_s(frame)) * RATE_HZ) for frame in (plan.first, plan.last + 1))
    return _mixed(heard, first, min(last, length), length) * np.float32(CEILING / max(loudest, CEILING))


def _fade(part: np.ndarray, seconds: float) -> None:
    """Let samples begin from nothing, in place."""
    count = min(round(seconds * RATE_HZ), part.shape[1])
    part[:, :count] *= np.linspace(0.0, 1.0, count, dtype=np.float32)


def _mixed(heard: list[tuple[int, np.ndarray]], first: int, last: int, length: int) -> np.ndarray:
    """Of a film of `length` samples those from `first` to before `last`, float32 (2, n): of each sound (where it
    begins, samples) what falls there. They end in nothing."""
    mixed = np.zeros((2, last - first), np.float32)
    for at, part in heard:
        low, high = max(at, first), min(at + part.shape[1], last)
        if low < high:
            mixed[:, low - first:high - first] += part[:, low - at:high - at]
    ramp = min(round(RAMP_S * RATE_HZ), length)
    low = max(length - ramp, first)
    if low < last:
        mixed[:, low - first:] *= np.linspace(1.0, 0.0, ramp, dtype=np.float32)[low - (length - ramp):][:last - low]
    return mixed


def _read(path: Path, most: int) -> np.ndarray | None:
    """The first samples of a file, float32 (2, at most `most`); one channel is heard on both sides, as loud as it
    is. None where there is none."""
    try:
        with av.open(str(path)) as file:
            layout = "mono" if file.streams.audio[0].codec_context.channels == 1 else "stereo"
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE_HZ)
            parts, count = [], 0
            for frame in chain(file.decode(audio=0), [None]):
                heard = [out.to_ndarray() for out in resampler.resample(frame)]
                parts += heard
                count += sum(part.shape[1] for part in heard)
                if count >= most:       # The rest is never heard.
                    break
        samples = np.nan_to_num(np.concatenate(parts, axis=1)[:, :most], posinf=0.0, neginf=0.0)
        return np.concatenate([samples, samples]) if layout == "mono" else samples
    except (av.FFmpegError, IndexError, ValueError):
        return None
