"""What errors of workers are called, for the user."""

from __future__ import annotations

_LONGEST = 200


def on_one_line(error: BaseException | None) -> str:
    """Kind and text of an error that came from a worker."""
    if error is None:
        return "it was taken away"
    return f"{type(error).__name__}: {' '.join(str(error).split())[:_LONGEST]}"
