"""What was typed and cannot be taken: a line, whatever it was."""

from __future__ import annotations

from sim.errors import InputError

UNFIT = (InputError, ValueError, ArithmeticError, OSError, RuntimeError, MemoryError)
"""What fields raise for what hands type: the model's own refusals, and Python's of numbers, paths and sizes that
nobody foresaw."""


def refusal(error: BaseException) -> str:
    """Why, in one line."""
    if isinstance(error, InputError):
        return " ".join(str(error).split("\n"))
    said = str(getattr(error, "strerror", None) or error).partition("\n")[0].partition(";")[0]
    return f"this cannot be taken: {said or type(error).__name__}"
