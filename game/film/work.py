"""The folder in which a film is made: finished chunks, what they hold, and how far it is.

A chunk counts only with its record, which is written last and names the digest of all that its frames
depend on, the frames' hashes and the file's own. So a kill at any moment costs the chunk that was being
rendered, and a chunk of another shot list, scenario, size or program is never used.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from game.film.plan import Plan, versions
from sim.errors import InputError
from sim.live import Live

CHUNK_S = 2
LEAST_FREE = 32 << 20
THUMBNAIL_PX = 640


@dataclass(frozen=True)
class Chunk:
    """Frames that are encoded into one file."""

    path: Path
    frames: range

    @property
    def record(self) -> Path:
        return self.path.with_suffix(".json")

    @property
    def partial(self) -> Path:
        return self.path.with_name(f".{os.getpid()}-{self.path.name}")


def folder_of(out: Path) -> Path:
    """Where a film that becomes `out` is made."""
    return out.with_name(out.name + ".work")


@contextlib.contextmanager
def alone(out: Path) -> Iterator[None]:
    """Keep others from making the same film meanwhile. Raises InputError where one is at it, or where nothing can
    be written."""
    folder = folder_of(out)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror or error})") from None
    try:
        live = Live(folder)
    except BlockingIOError:
        raise InputError(f"{out}: another process is rendering it") from None
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror or error})") from None
    try:
        yield
    finally:
        live.release()


class Work:
    """The work folder of a film that becomes `out`; made, or found again, with stale chunks removed.
    One that is not its `own` leaves that to another process.

    Raises InputError where it cannot be written or the disk is full.
    """

    def __init__(self, out: Path, plan: Plan, own: bool = True):
        self.folder = folder_of(out)
        self.out, self.plan, self.digest = out, plan, plan.digest()
        self.thumbnail, self._manifest = self.folder / "thumbnail.png", self.folder / "manifest.json"
        try:
            self.folder.mkdir(exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise InputError(f"{self.folder}: cannot be written ({error.strerror or error})") from None
        if free < LEAST_FREE:
            raise InputError(f"{self.folder}: the disk is full ({free >> 20} MiB left)")
        self._finished: dict = {}
        if own:
            self._clear()
            self._write_manifest({})

    def chunks(self) -> list[Chunk]:
        """All chunks of the frames to render, in order. Their borders do not depend on which those are."""
        step = -(-CHUNK_S * self.plan.fps.numerator // self.plan.fps.denominator)
        frames, suffix = self.plan.frames, self.plan.codec.suffixes[0]
        chunks = []
        for begin in range(frames.start // step * step, frames.stop, step):
            part = range(max(begin, frames.start), min(begin + step, frames.stop))
            name = f"{part.start:07d}-{part.stop - 1:07d}-{self.digest[:16]}{suffix}"
            chunks.append(Chunk(self.folder / name, part))
        return chunks

    def hashes(self, chunk: Chunk) -> list[str] | None:
        """The hashes of a finished chunk's frames; None where it is not there or not whole."""
        try:
            record = json.loads(chunk.record.read_text(encoding="utf-8"))
            whole = (record["digest"] == self.digest and record["file"] == file_hash(chunk.path)
                     and len(record["frames"]) == len(chunk.frames))
            return record["frames"] if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, chunk: Chunk, hashes: list[str]) -> None:
        """A chunk has been encoded to its partial file: it counts from now on."""
        os.replace(chunk.partial, chunk.path)
        _write(chunk.record, {"digest": self.digest, "frames": hashes, "file": file_hash(chunk.path)})

    def show(self, picture: np.ndarray) -> None:
        """Keep a small picture of how far it is."""
        small = Image.fromarray(picture)
        small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.BOX)
        partial = self.thumbnail.with_suffix(f".{os.getpid()}.part")
        small.save(partial, "PNG", compress_level=1)
        os.replace(partial, self.thumbnail)

    def leave(self) -> None:
        """Nothing was rendered: leave nothing behind, unless there are chunks."""
        if not any(self.hashes(chunk) for chunk in self.chunks()) and not self._finished:
            shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self, hashes: list[str]) -> None:
        """The film is whole: note what it holds, and let the chunks go."""
        self._write_manifest({"film": file_hash(self.out), "first": self.plan.first, "last": self.plan.last,
                              "hashes": hashes})
        for chunk in self.chunks():
            chunk.path.unlink(missing_ok=True)
            chunk.record.unlink(missing_ok=True)

    def finished(self) -> list[str] | None:
        """The frames' hashes if the film is there, whole, and of this very plan."""
        done = self._finished
        same = (done.get("first"), done.get("last")) == (self.plan.first, self.plan.last)
        if not same or not self.out.is_file():
            return None
        return done["hashes"] if file_hash(self.out) == done.get("film") else None

    def _clear(self) -> None:
        """Take away what belongs to another film or was cut off; remember what was finished."""
        try:
            before = json.loads(self._manifest.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            before = {}
        same = isinstance(before, dict) and before.get("digest") == self.digest
        self._finished = before.get("finished") or {} if same else {}
        for path in self.folder.iterdir():
            stale = path.suffix in (".json", *self.plan.codec.suffixes, ".mov", ".mp4") and \
                path != self._manifest and not path.stem.endswith(self.digest[:16])
            if path.is_file() and (stale or path.name.startswith(".") or path.suffix == ".part"):
                path.unlink(missing_ok=True)

    def _write_manifest(self, finished: dict) -> None:
        plan = self.plan
        self._finished = finished or self._finished
        _write(self._manifest, {
            "digest": self.digest, "film": plan.shots.film.name, "shots": plan.shots.source,
            "scenario": plan.run.scenario.name, "seed": plan.run.scenario.seed,
            "size": f"{plan.size[0]}x{plan.size[1]}", "fps": str(plan.fps), "codec": plan.codec_name,
            "crf": plan.crf, "supersample": plan.supersample, "motion_blur": plan.blur,
            "tier": plan.tier.name.lower(), "versions": versions(), "finished": self._finished})


def file_hash(path: Path) -> str:
    """SHA-256 of a file, 32 hex digits."""
    made = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            made.update(block)
    return made.hexdigest()[:32]


def _write(path: Path, data: dict) -> None:
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, path)
