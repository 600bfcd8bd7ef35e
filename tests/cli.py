"""The command line for tests: in this process, which is ten times as fast, or in one of its own."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from game.cli import main

REPOSITORY = Path(__file__).resolve().parents[1]


def voltyard(*words, cwd=REPOSITORY) -> CompletedProcess:
    """Exit code, stdout and stderr of a command; in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err),
          pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as end):
        patch.setattr(sys, "argv", ["voltyard", *map(str, words)])
        main()
    return CompletedProcess(words, end.value.code, out.getvalue(), err.getvalue())


def apart(*words, cwd=REPOSITORY) -> CompletedProcess:
    """The same in a process of its own, as a person starts it; for what opens OpenGL, too."""
    return subprocess.run([sys.executable, "-m", "game", *map(str, words)], cwd=cwd, text=True,
                          capture_output=True, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
