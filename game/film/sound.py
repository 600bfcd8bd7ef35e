"""A film's sound: a WAV file, tones at given moments, or both, as long as the film."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from game.film.plan import Plan
from game.film.shots import wrong
from game.ui.sound import RATE_HZ as TONE_HZ
from game.ui.sound import tone
from sim.errors import InputError

RATE_HZ = 48_000


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

    Raises InputError for a file that holds no sound.
    """
    sound = plan.shots.sound
    if sound is None:
        return None
    whole = np.zeros((2, round(float(plan.shots.film.duration) * RATE_HZ)), np.float32)
    path = sound_file(plan)
    if path is not None:
        _add(whole, _read(path) * np.float32(sound.gain), 0)
        out = min(round(sound.fade_out * RATE_HZ), whole.shape[1])
        if out:
            whole[:, -out:] *= np.linspace(1.0, 0.0, out, dtype=np.float32)
    for cue in sound.cues:
        notes = tone().astype(np.float32) / np.float32(32768.0)
        times = np.arange(round(len(notes) * RATE_HZ / TONE_HZ)) * (TONE_HZ / RATE_HZ)
        heard = np.interp(times, np.arange(len(notes)), notes).astype(np.float32)
        _add(whole, np.stack([heard, heard]), round(float(cue.at) * RATE_HZ))
    first, last = (round(float(plan.film_s(frame)) * RATE_HZ) for frame in (plan.first, plan.last + 1))
    return np.clip(whole, -1.0, 1.0)[:, first:last]


def _add(whole: np.ndarray, part: np.ndarray, at: int) -> None:
    count = max(min(part.shape[1], whole.shape[1] - at), 0)
    whole[:, at:at + count] += part[:, :count]


def _read(path: Path) -> np.ndarray:
    """Samples of a file, float32 (2, n); one channel is heard on both sides, as loud as it is."""
    try:
        with av.open(str(path)) as file:
            layout = "mono" if file.streams.audio[0].codec_context.channels == 1 else "stereo"
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE_HZ)
            parts = [out.to_ndarray() for frame in file.decode(audio=0) for out in resampler.resample(frame)]
        parts += [out.to_ndarray() for out in resampler.resample(None)]
        samples = np.concatenate(parts, axis=1).astype(np.float32)
        return np.concatenate([samples, samples]) if layout == "mono" else samples
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise InputError(f"{path}: no sound that can be read ({error})") from None
