"""The tone of a new alarm: two soft notes, computed, and nothing where there is no sound."""

from __future__ import annotations

import tempfile
import wave
from pathlib import Path

import numpy as np
from panda3d.core import AudioManager, Filename

RATE_HZ = 44_100
NOTES_HZ, NOTE_S, PAUSE_S = (659.26, 523.25), 0.16, 0.04
LOUDNESS = 0.25
LEAST_GAP_S = 2.0


def tone() -> np.ndarray:
    """Samples, int16, (n,)."""
    t = np.arange(int(NOTE_S * RATE_HZ)) / RATE_HZ
    swell = np.minimum(t / 0.01, 1.0) * np.exp(-t / 0.07)
    pause = np.zeros(int(PAUSE_S * RATE_HZ))
    notes = [np.concatenate([np.sin(2.0 * np.pi * hz * t) * swell, pause]) for hz in NOTES_HZ]
    return (np.concatenate(notes) * LOUDNESS * 32767.0).astype("<i2")


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
                    file.writeframes(tone().tobytes())
                self._sound = self._manager.get_sound(Filename.from_os_specific(str(path)))
        self._sound.play()
