"""Line numbers at one step: what the axes of a survey are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LineNotFoundError, SurveyError


def regular_lines(numbers: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """Check line numbers and give them as int64; `name` is "inline" or "crossline".

    Raises
    ------
    SurveyError
        If they are none, or do not have one step.
    """
    lines = np.asarray(numbers, dtype=np.int64)
    steps = np.unique(np.diff(lines)) if lines.ndim == 1 else np.zeros(2)
    if lines.size == 0 or len(steps) > 1 or (len(steps) == 1 and steps[0] == 0):
        raise SurveyError(f"The {name} numbers are not a regular list. Give one constant step.")
    return lines


def line_step(lines: NDArray[np.int64]) -> int:
    """Difference between neighbouring lines; 1 for a single line."""
    return int(lines[1] - lines[0]) if len(lines) > 1 else 1


def line_index(number: int, lines: NDArray[np.int64], name: str) -> int:
    """Array index of a line; `name` is "Inline" or "Crossline".

    Raises
    ------
    LineNotFoundError
        If it is not one of the lines.
    """
    first, last, step = int(lines[0]), int(lines[-1]), line_step(lines)
    index, off_step = divmod(number - first, step)
    if off_step == 0 and 0 <= index < len(lines):
        return int(index)
    every = f" in steps of {abs(step)}" if abs(step) != 1 else ""
    low, high = sorted((first, last))
    what = "is outside" if not low <= number <= high else "is not a line of"
    raise LineNotFoundError(
        f"{name} {number} {what} {low}-{high}{every}. Choose one of the survey's {name.lower()}s."
    )
