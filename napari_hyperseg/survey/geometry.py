"""Where a survey's samples are: line numbers, two-way times, map coordinates.

Owns the translation between array indices ``(i, j, k)`` and the numbers an interpreter
reads on the axes.  Knows nothing of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.regular_lines import line_index, line_step, regular_lines

_Float = TypeVar("_Float", bound=np.floating)

Box = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
"""Half-open index ranges along (inline, crossline, sample)."""


@dataclass(frozen=True, eq=False)
class Geometry:
    """Line numbers, vertical axis, live traces and map position of a survey.

    Parameters
    ----------
    inlines, crosslines : ndarray of int64
        Survey numbers in index order, at a regular step of either sign.
    n_samples : int
        Samples in a trace.
    start_ms : float
        Time of the first sample (its depth in a depth survey, in `vertical_unit`).
    sample_interval_ms : float
        Distance between samples, likewise.
    domain : {"time", "depth"}
        What the vertical axis is.
    length_unit : {"m", "ft"}
        Of depths and map coordinates.
    live : ndarray of bool, shape (n_inlines, n_crosslines), or None
        Where there is a trace; None: everywhere.
    to_xy : ndarray, shape (2, 3), or None
        Affine map: ``(x, y) = to_xy @ (inline, crossline, 1)``.
    line_xy : ndarray, shape (n_traces, 2), or None
        Map coordinates of the traces of a 2D line, which may bend; None: not known, or no line.

    Raises
    ------
    SurveyError
        If an axis is empty, irregular or has no positive interval, or `live` or `line_xy` has
        another shape.
    """

    inlines: NDArray[np.int64]
    crosslines: NDArray[np.int64]
    n_samples: int
    start_ms: float
    sample_interval_ms: float
    domain: Literal["time", "depth"] = "time"
    length_unit: Literal["m", "ft"] = "m"
    live: NDArray[np.bool_] | None = None
    to_xy: NDArray[np.float64] | None = None
    line_xy: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "inlines", regular_lines(self.inlines, "inline"))
        object.__setattr__(self, "crosslines", regular_lines(self.crosslines, "crossline"))
        if self.n_samples < 1 or not self.sample_interval_ms > 0:
            raise SurveyError(
                f"{self.n_samples} samples at {self.sample_interval_ms} ms make no vertical axis. "
                "Both must be positive."
            )
        if self.live is not None and self.live.shape != self.shape[:2]:
            raise SurveyError(
                f"The live-trace mask has shape {self.live.shape}, the survey {self.shape[:2]}. "
                "Give one value per trace position."
            )
        n_traces = len(self.inlines) * len(self.crosslines)
        if self.line_xy is not None and (not self.is_line or self.line_xy.shape != (n_traces, 2)):
            raise SurveyError(
                f"Coordinates of shape {self.line_xy.shape} do not fit a survey of "
                f"{self.shape[:2]} traces. Give one pair per trace of a 2D line."
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Extent of the volume: (n_inlines, n_crosslines, n_samples)."""
        return len(self.inlines), len(self.crosslines), self.n_samples

    @property
    def is_line(self) -> bool:
        """Whether this is a 2D line: one inline, or one crossline."""
        return 1 in self.shape[:2]

    @property
    def vertical_unit(self) -> Literal["ms", "m", "ft"]:
        """What the vertical axis counts."""
        return "ms" if self.domain == "time" else self.length_unit

    @property
    def inline_step(self) -> int:
        """Difference between neighbouring inline numbers (1 for a single inline)."""
        return line_step(self.inlines)

    @property
    def crossline_step(self) -> int:
        """Difference between neighbouring crossline numbers (1 for a single crossline)."""
        return line_step(self.crosslines)

    @property
    def times_ms(self) -> NDArray[np.float64]:
        """Time of every sample, shape (n_samples,)."""
        return self.start_ms + self.sample_interval_ms * np.arange(self.n_samples, dtype=np.float64)

    @property
    def live_mask(self) -> NDArray[np.bool_]:
        """Where there is a trace, shape (n_inlines, n_crosslines), never None."""
        return np.ones(self.shape[:2], bool) if self.live is None else self.live

    def has_grid_of(self, other: Geometry) -> bool:
        """Whether traces and samples lie on the same lines and times."""
        return (
            np.array_equal(self.inlines, other.inlines)
            and np.array_equal(self.crosslines, other.crosslines)
            and (self.n_samples, self.start_ms, self.sample_interval_ms, self.vertical_unit)
            == (other.n_samples, other.start_ms, other.sample_interval_ms, other.vertical_unit)
        )

    def inline_index(self, number: int) -> int:
        """Array index of an inline.

        Raises
        ------
        LineNotFoundError
            If the survey has no such inline.
        """
        return line_index(number, self.inlines, "Inline")

    def crossline_index(self, number: int) -> int:
        """Array index of a crossline.

        Raises
        ------
        LineNotFoundError
            If the survey has no such crossline.
        """
        return line_index(number, self.crosslines, "Crossline")

    @overload
    def sample_position(self, time: float) -> float: ...
    @overload
    def sample_position(self, time: NDArray[_Float]) -> NDArray[_Float]: ...
    def sample_position(self, time: Any) -> Any:
        """Fractional sample index of a time in ms (a depth in m or ft); of one or of an array."""
        return (time - self.start_ms) / self.sample_interval_ms

    @overload
    def time_at(self, sample: float) -> float: ...
    @overload
    def time_at(self, sample: NDArray[_Float]) -> NDArray[_Float]: ...
    def time_at(self, sample: Any) -> Any:
        """Time in ms (depth in m or ft) of a fractional sample index: that of `sample_position`."""
        return self.start_ms + sample * self.sample_interval_ms

    def locate(self, inline: float, crossline: float, twt_ms: float) -> tuple[float, float, float]:
        """Fractional indices (i, j, k) of a position in survey numbers and ms.

        Positions outside the survey extrapolate; nothing is rounded.
        """
        i = (inline - int(self.inlines[0])) / self.inline_step
        j = (crossline - int(self.crosslines[0])) / self.crossline_step
        return i, j, self.sample_position(twt_ms)

    def line_numbers(self, i: float, j: float) -> tuple[float, float]:
        """Inline and crossline number at (fractional) indices: the inverse of `locate`."""
        inline = int(self.inlines[0]) + i * self.inline_step
        return inline, int(self.crosslines[0]) + j * self.crossline_step

    def map_position(self, i: int, j: int) -> tuple[float, float] | None:
        """Map coordinates (x, y) of a trace, by its indices; None where there is no map."""
        positions = self.map_positions(i)
        return None if positions is None else (float(positions[j, 0]), float(positions[j, 1]))

    def map_positions(self, i: int) -> NDArray[np.float64] | None:
        """Map coordinates of the traces of an inline, by its index, shape (n_crosslines, 2)."""
        if self.line_xy is not None:
            return self.line_xy.reshape(*self.shape[:2], 2)[i]
        if self.to_xy is None:
            return None
        inline = np.full(len(self.crosslines), self.inlines[i])
        lines = np.stack([inline, self.crosslines, np.ones(len(inline))])
        positions: NDArray[np.float64] = (self.to_xy @ lines).T
        return positions
