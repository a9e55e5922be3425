"""Which traces of a survey's file an export writes, and where they lie in the survey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.segy.choice import grid_from
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.segy.reading import STANDARD_LINES
from napari_hyperseg.survey.segy.trace_headers import TraceHeaders, live_traces
from napari_hyperseg.survey.survey import Survey


@dataclass(frozen=True, eq=False)
class ExportedTraces:
    """The traces to write, in their order in the source.

    Parameters
    ----------
    numbers : ndarray of int64
        In the source.
    i, j : ndarray of int64
        Where they lie in the survey.
    shifts : ndarray of int32
        Samples by which they begin later.
    live : ndarray of bool
        Whether they get samples of the survey.
    """

    numbers: NDArray[np.int64]
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    shifts: NDArray[np.int32]
    live: NDArray[np.bool_]

    @classmethod
    def of(cls, survey: Survey, source: SegyLayout) -> ExportedTraces:
        """Find the traces of a survey in its file: all, or one at each position of gathers."""
        index, read = survey.source.index, TraceHeaders(source)
        grid = grid_from(read, index.reading.lines or STANDARD_LINES)
        numbers = np.arange(source.n_traces)
        if index.reading.prestack:
            numbers = np.sort(index.trace_maps[0][index.trace_maps[0] >= 0])
        i, j = grid.inline.indices[numbers], grid.crossline.indices[numbers]
        shifts = np.zeros(source.n_traces, np.int32) if index.shifts is None else index.shifts
        live = np.zeros(source.n_traces, bool)
        live[live_traces(read)] = True
        return cls(numbers, i, j, shifts[numbers], live[numbers] & survey.geometry.live_mask[i, j])

    def __len__(self) -> int:
        return len(self.numbers)
