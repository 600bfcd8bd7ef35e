"""Rendering a plan to a file: chunk by chunk, by one process or several, going on where it was cut off."""

from __future__ import annotations

import multiprocessing
import os
import queue
import random
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np

from game.film.codecs import ChunkWriter, join
from game.film.plan import Plan
from game.film.reel import Reel, frame_hash
from game.film.request import Request
from game.film.sound import RATE_HZ, soundtrack
from game.film.still import partial_path, require_writable
from game.film.work import Chunk, Work, alone
from sim.errors import InputError

Tick = Callable[[int, int], object]
LISTEN_S = 0.5
MOST_WAITING = 2    # frames that are drawn and not yet encoded


def render(plan: Plan, out: Path, jobs: int = 1, progress: Tick = lambda done, total: None) -> Work:
    """Render a film; chunks that a former call finished are taken over. `progress` is called with the
    frames that this call has rendered and those that it has to.

    Raises InputError, one line: for what does not fit before anything is rendered, or when the disk is
    full, with the finished chunks kept.
    """
    out = target(plan, out)
    sound = soundtrack(plan)
    with alone(out):
        return _render(plan, out, sound, jobs, progress)


def _render(plan: Plan, out: Path, sound: np.ndarray | None, jobs: int, progress: Tick) -> Work:
    work = Work(out, plan)
    if work.finished() is not None:
        return work
    chunks = work.chunks()
    missing = [chunk for chunk in chunks if work.hashes(chunk) is None]
    total = sum(len(chunk.frames) for chunk in missing)
    try:
        if missing and jobs > 1:
            _share(work, missing, min(jobs, len(missing)), total, progress)
        elif missing:
            done = 0
            for _ in rendered(work, missing):
                done += 1
                progress(done, total)
        partial = partial_path(out)
        try:
            join([(chunk.path, len(chunk.frames)) for chunk in chunks], partial, plan.fps, sound, RATE_HZ)
            os.replace(partial, out)
        finally:
            partial.unlink(missing_ok=True)
    except InputError:
        work.leave()
        raise
    except (OSError, av.FFmpegError) as error:
        kept = sum(work.hashes(chunk) is not None for chunk in chunks)
        raise InputError(f"{out}: cannot be written ({getattr(error, 'strerror', None) or error}); "
                         f"{kept} of {len(chunks)} chunks are kept in {work.folder}, and the same command "
                         "goes on from there") from None
    work.finish([name for chunk in chunks for name in work.hashes(chunk) or ()])
    return work


def check(plan: Plan) -> None:
    """Raises InputError for what would fail only once a film is rendered."""
    soundtrack(plan)
    Reel(plan).close()


def rendered(work: Work, chunks: list[Chunk]):
    """Render chunks, in order; yields after each frame. While one is drawn the ones before are encoded."""
    reel = Reel(work.plan)
    plan = work.plan
    try:
        for chunk in chunks:
            hashes, waiting = [], deque()
            try:
                with ChunkWriter(chunk.partial, plan.codec, plan.crf, plan.size, plan.fps) as writer, \
                        ThreadPoolExecutor(1) as aside:
                    for _, picture in reel.frames(chunk.frames):
                        waiting.append(aside.submit(_encoded, writer, picture))
                        if len(waiting) > MOST_WAITING:
                            hashes.append(waiting.popleft().result())
                        yield
                    hashes += [one.result() for one in waiting]
                work.keep(chunk, hashes)
                work.show(picture)
            finally:
                chunk.partial.unlink(missing_ok=True)
    finally:
        reel.close()


def _encoded(writer: ChunkWriter, picture: np.ndarray) -> str:
    """The hash of a picture that has been taken into a chunk."""
    writer.add(picture)
    return frame_hash(picture)


def verify(plan: Plan, work: Work, count: int, progress: Tick = lambda done, total: None) -> list[int]:
    """Render `count` frames again, drawn at random but the same each time; those that differ from what
    the finished film was made of."""
    hashes = work.finished()
    if hashes is None:
        raise InputError(f"{work.out}: is not the finished film of this shot list, size and program")
    chosen = sorted(random.Random(work.digest).sample(plan.frames, min(count, len(plan.frames))))
    reel, differing = Reel(plan), []
    try:
        for done, (frame, picture) in enumerate(reel.frames(chosen), 1):
            if frame_hash(picture) != hashes[frame - plan.first]:
                differing.append(frame)
            progress(done, len(chosen))
    finally:
        reel.close()
    return differing


def target(plan: Plan, out: Path) -> Path:
    """Where the film goes, once it can be written there; raises InputError."""
    suffixes = plan.codec.suffixes
    if Path(out).suffix.lower() not in suffixes:
        raise InputError(f"{out}: expected a name that ends in {' or '.join(suffixes)}")
    if any(side % 2 for side in plan.size):
        raise InputError(f"{plan.size[0]}x{plan.size[1]}: a film's width and height are even")
    return require_writable(out, Path(out).suffix.lower())


def _share(work: Work, missing: list[Chunk], jobs: int, total: int, progress: Tick) -> None:
    """Have several processes render neighbouring chunks each."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    bounds = [len(missing) * k // jobs for k in range(jobs + 1)]
    shares = [missing[a:b] for a, b in zip(bounds, bounds[1:])]
    workers = [context.Process(target=_work, args=(work.out, work.plan.request, share, told), daemon=True)
               for share in shares]
    _started(workers)
    done, ended = 0, 0
    try:
        while ended < jobs:
            try:
                word = told.get(timeout=LISTEN_S)
            except queue.Empty:
                if any(worker.exitcode not in (None, 0) for worker in workers):
                    raise InputError("a process that rendered has died; the same command goes on") from None
                continue
            if isinstance(word, str):
                raise InputError(word)
            ended += word is None
            if word is not None:
                done += word
                progress(done, total)
    finally:
        for worker in workers:
            worker.terminate() if ended < jobs else worker.join()


def _started(workers: list) -> None:
    """Start them deaf to the keyboard: the process that they work for ends them."""
    heard = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if heard else None
    try:
        for worker in workers:
            worker.start()
    finally:
        if heard:
            signal.signal(signal.SIGINT, before)


def _work(out: Path, request: Request, chunks: list[Chunk], told) -> None:
    """What one of several processes does; it ends when the one that started it has."""
    parent = os.getppid()
    try:
        for _ in rendered(Work(out, request.plan(), own=False), chunks):
            told.put(1)
            if os.getppid() != parent:
                return
        told.put(None)
    except (InputError, OSError, av.FFmpegError) as error:
        told.put(str(error))
