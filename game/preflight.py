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
# libEGL.so.1 alone draws nothing: it asks a driver's own library.
OFFSCREEN_DRIVERS = ("libEGL_mesa.so.0", "libEGL_nvidia.so.0")
OFFSCREEN_DRIVER_PACKAGE = "libegl-mesa0"


def missing_libraries(offscreen: bool, load=ctypes.CDLL) -> dict[str, str]:
    """System libraries that cannot be loaded, with the Debian package of each."""
    if not sys.platform.startswith("linux"):
        return {}
    wanted = OFFSCREEN_LIBRARIES if offscreen else WINDOW_LIBRARIES
    return {library: package for library, package in wanted.items()
            if not _loads(library, load)}


def require_graphics(offscreen: bool, load=ctypes.CDLL) -> None:
    """Raise InputError, one line with the install command, when a library is missing."""
    missing = missing_libraries(offscreen, load)
    if missing:
        packages = sorted({*missing.values(), DRIVER_PACKAGE})
        raise InputError(f"missing system libraries {', '.join(missing)}: install them with "
                         f"`apt-get install -y {' '.join(packages)}`")


def no_context(offscreen: bool, load=ctypes.CDLL) -> InputError:
    """The error for a machine whose libraries load but give no OpenGL context."""
    if not offscreen:
        return InputError(f"OpenGL gave no window: install a driver with "
                          f"`apt-get install -y {DRIVER_PACKAGE}`")
    missing = "" if any(_loads(name, load) for name in OFFSCREEN_DRIVERS) else (
        f" ({OFFSCREEN_DRIVERS[0]} is missing)")
    return InputError(f"OpenGL gave no offscreen buffer{missing}: install a driver with "
                      f"`apt-get install -y {OFFSCREEN_DRIVER_PACKAGE} {DRIVER_PACKAGE}`")


def has_display(load=ctypes.CDLL) -> bool:
    """Whether a window can be opened: always on Windows and macOS, else an X server answers.

    Raises InputError where a display is named but the library to ask it is missing.
    """
    if not sys.platform.startswith("linux"):
        return True
    if not os.environ.get("DISPLAY"):
        return False
    if not _loads("libX11.so.6", load):
        require_graphics(False, load)
    x11 = load("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if display:
        x11.XCloseDisplay(display)
    return bool(display)


def _loads(library: str, load) -> bool:
    try:
        load(library)
    except OSError:
        return False
    return True


def has_sound() -> bool:
    """Whether there may be somewhere to play to. OpenAL complains at length where there is not."""
    if not sys.platform.startswith("linux"):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    servers = [Path(runtime) / name for name in ("pulse/native", "pipewire-0")] if runtime else []
    return ("PULSE_SERVER" in os.environ or any(path.exists() for path in servers)
            or any(Path("/dev/snd").glob("pcm*p")))
