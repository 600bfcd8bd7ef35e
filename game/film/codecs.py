"""How films are encoded: the codecs, a writer of one chunk, and the joining of chunks into a film.

Every chunk begins a closed group of pictures, so that chunks are joined without being encoded again.
Colours are BT.709 at limited range, and say so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Colorspace

from sim.errors import InputError

os.environ.setdefault("SVT_LOG", "1")       # errors only
BT709, LIMITED = 1, 1       # as ISO/IEC 23091-2 numbers them, and FFmpeg with it
RGB = 0


@dataclass(frozen=True)
class Codec:
    """One way to encode. `crf` is what it takes by default, up to `worst`; None where it has no such
    choice. Pixels are `form`; files end in one of `suffixes`."""

    encoder: str
    form: str
    suffixes: tuple[str, ...]
    options: dict[str, str]
    crf: int | None = None
    worst: int = 51
    tag: str | None = None

    @property
    def rgb(self) -> bool:
        return self.form.startswith("rgb")


X265_DELAY = 2     # frames, with its pyramid of B-frames

CODECS = {
    # With macroblock trees x264 gives other bytes for the same pictures now and then.
    "h264": Codec("libx264", "yuv420p", (".mp4", ".mov", ".mkv"),
                  {"preset": "veryfast", "x264-params": "mbtree=0:open-gop=0"}, 18),
    "h265": Codec("libx265", "yuv420p", (".mp4", ".mov", ".mkv"),
                  {"preset": "fast", "x265-params": "open-gop=0:log-level=error"}, 20, tag="hvc1"),
    "av1": Codec("libsvtav1", "yuv420p", (".mp4", ".mkv"), {"preset": "8"}, 26, 63),
    "prores": Codec("prores_ks", "yuv422p10le", (".mov",), {"profile": "3", "vendor": "apl0"}),
    "png": Codec("png", "rgb24", (".mov",), {}),
}


def codec_named(name: str) -> Codec:
    """A codec that this machine has; raises InputError."""
    there = [known for known, codec in CODECS.items() if codec.encoder in av.codecs_available]
    if name not in there:
        why = "the installed PyAV has no encoder for it; " if name in CODECS else ""
        raise InputError(f"--codec {name}: {why}expected one of {', '.join(there)}")
    return CODECS[name]


def parse_fps(text: str) -> Fraction:
    """Frames a second of `30` or `60000/1001`; raises InputError."""
    try:
        whole, bar, part = str(text).partition("/")
        fps = Fraction(int(whole), int(part) if bar else 1)
        if 1 <= fps <= 120:
            return fps
    except (ValueError, ZeroDivisionError):
        pass
    raise InputError(f"--fps {text}: expected frames a second such as 24, 30, 60 or 60000/1001, "
                     "from 1 to 120")


class ChunkWriter:
    """Writes frames (height, width, 3), RGB uint8, to a file of their own. Use as a context manager."""

    def __init__(self, path: Path, codec: Codec, crf: int | None, size: tuple[int, int], fps: Fraction):
        self._codec, self._count = codec, 0
        self._container = av.open(str(path), "w", format=path.suffix[1:])
        self._stream = stream = self._container.add_stream(codec.encoder, rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = codec.form
        stream.options = codec.options | ({"crf": str(crf)} if crf is not None else {})
        if not codec.rgb:
            context = stream.codec_context
            context.color_range, context.colorspace = LIMITED, BT709
            context.color_primaries = context.color_trc = BT709
        if codec.tag:
            stream.codec_context.codec_tag = codec.tag

    def add(self, picture: np.ndarray) -> None:
        """Append a frame."""
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        if not self._codec.rgb:
            frame = frame.reformat(format=self._codec.form, dst_colorspace=Colorspace.ITU709)
            frame.color_primaries = frame.color_trc = BT709
        frame.pts, self._count = self._count, self._count + 1
        frame.time_base = 1 / self._stream.codec_context.framerate
        self._container.mux(self._stream.encode(frame))

    def __enter__(self) -> ChunkWriter:
        return self

    def __exit__(self, kind, error, trace) -> None:
        try:
            if kind is None:
                self._container.mux(self._last())
        finally:
            self._container.close()

    def _last(self) -> list[av.Packet]:
        """What the encoder has kept back."""
        packets = list(self._stream.encode())
        if self._codec.encoder == "libx265" and self._count <= X265_DELAY:
            # Of a film no longer than its delay x265 leaves the times of decoding undefined.
            for k, packet in enumerate(packets):
                packet.dts = k - self._count
        return packets


def join(chunks: list[tuple[Path, int]], path: Path, fps: Fraction, sound: np.ndarray | None,
         rate_hz: int = 48_000) -> None:
    """Put chunks (file, its frames) behind each other into one file, index in front. `sound` is float32,
    (channels, samples) at `rate_hz`, or None."""
    # A movie's own clock divides frames and samples, so that its length is exact.
    options = {"movflags": "faststart", "movie_timescale": str(lcm(fps.numerator, rate_hz))}
    with av.open(str(path), "w", options=options if path.suffix != ".mkv" else {}) as film:
        video = audio = None
        done = heard = 0
        late = max(_delay(chunk, fps) for chunk, _ in chunks)
        for chunk, frames in chunks:
            with av.open(str(chunk)) as part:
                source = part.streams.video[0]
                if video is None:
                    video = film.add_stream_from_template(source, opaque=True)
                    if sound is not None:
                        audio = film.add_stream("aac", rate=rate_hz, layout="stereo")
                step = 1 / fps / source.time_base
                if step.denominator != 1:
                    raise ValueError(f"{chunk}: its time base {source.time_base} does not divide a frame")
                packets = (packet for packet in part.demux(source) if packet.dts is not None)
                for number, packet in enumerate(packets, done):
                    packet.pts += done * int(step)
                    # A short chunk's encoder knows of no delay; the film's is the same from end to end.
                    packet.dts, packet.duration = (number - late) * int(step), int(step)
                    packet.stream = video
                    film.mux(packet)
            done += frames
            if audio is not None:
                until = min(round(done / fps * rate_hz), sound.shape[1])
                _speak(film, audio, sound[:, heard:until], heard, rate_hz)
                heard = until
        if audio is not None:
            film.mux(audio.encode())


def _delay(chunk: Path, fps: Fraction) -> int:
    """Frames by which a chunk is decoded before it is shown, so that frames may refer to later ones."""
    with av.open(str(chunk)) as part:
        source = part.streams.video[0]
        first = next(part.demux(source))
        return round((first.pts - first.dts) * source.time_base * fps)


def _speak(film, audio, sound: np.ndarray, first: int, rate_hz: int) -> None:
    if not sound.shape[1]:
        return
    samples = np.ascontiguousarray(sound, np.float32)
    frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = rate_hz, first, Fraction(1, rate_hz)
    film.mux(audio.encode(frame))
