"""What the machine has, asked before any graphics library is loaded."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from sim.errors import InputError

WINDOW_LIBRARIES = {"libGL.so.1": "libgl1", "libX11.so.6": "libx11-6"}
OFFSCREEN_LIBRARIES = {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"}
DRIVER_PACKAGE = "libgl1-mesa-dri"


def missing_libraries(offscreen: bool, load=ctypes.CDLL) -> dict[str, str]:
    """System libraries that cannot be loaded, with the Debian package of each."""
    if not sys.platform.startswith("linux"):
        return {}
    wanted = OFFSCREEN_LIBRARIES if offscreen else WINDOW_LIBRARIES
    missing = {}
    for library, package in wanted.items():
        try:
            load(library)
        except OSError:
            missing[library] = package
    return missing


def require_graphics(offscreen: bool, load=ctypes.CDLL) -> None:
    """Raise InputError, one line with the install command, when a library is missing."""
    missing = missing_libraries(offscreen, load)
    if missing:
        packages = sorted({*missing.values(), DRIVER_PACKAGE})
        raise InputError(f"missing system libraries {', '.join(missing)}: install them with "
                         f"`apt-get install -y {' '.join(packages)}`")


def no_context(offscreen: bool) -> InputError:
    """The error for a machine whose libraries load but give no OpenGL context."""
    where = "offscreen buffer" if offscreen else "window"
    return InputError(f"OpenGL gave no {where}: install a driver with "
                      f"`apt-get install -y {DRIVER_PACKAGE}`")


def has_display() -> bool:
    """Whether a window can be opened: always on Windows and macOS, else an X server answers."""
    if not sys.platform.startswith("linux"):
        return True
    if not os.environ.get("DISPLAY"):
        return False
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if display:
        x11.XCloseDisplay(display)
    return bool(display)


def has_gpu() -> bool:
    """Whether a graphics device is there; without one OpenGL is computed on the processor."""
    if not sys.platform.startswith("linux"):
        return True
    return any(Path("/dev/dri").glob("renderD*")) or Path("/dev/nvidiactl").exists()
