"""The tone of a new alarm: two soft notes as of a wooden bar, computed, and nothing where there is no sound."""

from __future__ import annotations

import tempfile
import wave
from pathlib import Path

import numpy as np
from panda3d.core import AudioManager, Filename

RATE_HZ = 44_100
NOTES = ((659.26, 0.0), (523.25, 0.17))     # Hz and s: E5 and C5, a third down
PARTIALS = ((1, 1.0, 0.13), (2, 0.16, 0.06), (4, 0.07, 0.025))      # of the note, how loud, s in which they fall to 1/e
ATTACK_S, RELEASE_S, LENGTH_S = 0.014, 0.08, 0.62
LOUDNESS = 0.22     # of full scale, at its loudest: some 13 dB below, under a voice
LEAST_GAP_S = 2.0


def tone(rate_hz: int = RATE_HZ) -> np.ndarray:
    """Samples at a rate, -1 to 1, float32 (n,)."""
    t = np.arange(round(LENGTH_S * rate_hz)) / rate_hz
    heard = np.zeros_like(t)
    for hz, since in NOTES:
        at = np.maximum(t - since, 0.0)
        swell = np.sin(np.pi / 2.0 * np.minimum(at / ATTACK_S, 1.0)) ** 2
        heard += swell * sum(loud * np.sin(2.0 * np.pi * hz * times * at) * np.exp(-at / fall)
                             for times, loud, fall in PARTIALS)
    heard *= np.sin(np.pi / 2.0 * np.minimum((LENGTH_S - t) / RELEASE_S, 1.0)) ** 2
    return (heard * (LOUDNESS / np.abs(heard).max())).astype(np.float32)


class Chime:
    """Plays the tone at most every LEAST_GAP_S of real time; `on` may be switched at any time."""

    def __init__(self, on: bool):
        self.on = on
        self.played = 0
        self._manager = self._sound = None
        self._last_s = -LEAST_GAP_S

    def play(self, real_s: float) -> None:
        """Sound, unless muted or too soon after the last."""
        if not self.on or real_s - self._last_s < LEAST_GAP_S:
            return
        self._last_s = real_s
        self.played += 1
        if self._sound is None:
            self._manager = AudioManager.create_AudioManager()
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "alarm.wav"
                with wave.open(str(path), "wb") as file:
                    file.setnchannels(1)
                    file.setsampwidth(2)
                    file.setframerate(RATE_HZ)
                    file.writeframes(np.rint(tone() * 32767.0).astype("<i2").tobytes())
                self._sound = self._manager.get_sound(Filename.from_os_specific(str(path)))
        self._sound.play()
