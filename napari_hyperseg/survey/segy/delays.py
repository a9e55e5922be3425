"""Traces that begin at different times, as their delays say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.segy.trace_headers import DELAY_MS, TIME_SCALAR, ReadField, scaled

ON_SAMPLE = 0.01  # of an interval: what rounding in a header may do


@dataclass(frozen=True, eq=False)
class Delays:
    """When traces begin.

    Parameters
    ----------
    start_ms : float
        Of the earliest trace, which is sample 0 of the survey.
    shifts : ndarray of int32, shape (n_traces,), or None
        Samples by which each trace begins later; None: all at once.
    longest : int
        The largest of them.
    warning : str or None
        What could not be done.
    """

    start_ms: float
    shifts: NDArray[np.int32] | None = None
    longest: int = 0
    warning: str | None = None


def read_delays(
    read: ReadField, traces: NDArray[np.int64], interval_ms: float, n_samples: int
) -> Delays:
    """When the traces of a survey begin.

    Parameters
    ----------
    read : callable
        Reads a field of all trace headers.
    traces : ndarray of int64
        Numbers of the traces that count: the live ones.
    interval_ms : float
        Between samples.
    n_samples : int
        Of a trace.
    """
    delays = scaled(read(DELAY_MS), read(TIME_SCALAR))
    values, counts = np.unique(delays[traces], return_counts=True)
    if len(values) == 1:
        return Delays(float(values[0]))
    steps = (values - values[0]) / interval_ms
    if steps[-1] > n_samples:
        return Delays(
            float(values[np.argmax(counts)]),
            warning=f"Traces say that they start between {values[0]:g} and {values[-1]:g} ms, "
            "which is further apart than they are long; the commonest start is used for all.",
        )
    shifts = np.round((delays - values[0]) / interval_ms).clip(0, steps[-1]).astype(np.int32)
    off = float(np.abs(steps - np.round(steps)).max())
    return Delays(
        float(values[0]),
        shifts,
        int(shifts[traces].max()),
        None
        if off <= ON_SAMPLE
        else f"Traces start between samples; they are moved by up to {off * interval_ms:.2g} ms.",
    )
