"""Which lines carry labels: the rule by which `evaluate` leaves lines out.

Owns the rule; knows traces only as a mask of those that hold a label.

A line carries labels when **more than half of its live traces hold one**.  Where labelled
inlines and crosslines cross, a trace counts once: the fullest line is taken first, its traces
are set aside, and the others are judged by the traces that are left.  So a survey labelled on
three of its crosslines has three labelled crosslines and no labelled inline, one labelled on
every second inline has no labelled crossline, and a stroke of the brush labels no line at all
(its traces still count as labelled).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError

Lines = NDArray[np.intp]


def labelled_lines(
    labelled: NDArray[np.bool_], live: NDArray[np.bool_] | None = None
) -> tuple[Lines, Lines]:
    """Return the indices of the inlines and of the crosslines that carry labels.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
        Traces that hold any label.
    live : ndarray of bool, same shape, optional
        Traces that exist; None: all.
    """
    left = np.ones(labelled.shape, dtype=bool) if live is None else live.copy()
    found: tuple[list[int], list[int]] = ([], [])
    while True:
        shares = [_shares(labelled, left, axis) for axis in (0, 1)]
        axis = int(shares[1].max(initial=0) > shares[0].max(initial=0))
        index = int(shares[axis].argmax()) if shares[axis].size else 0
        if not shares[axis].size or shares[axis][index] <= 0.5:
            break
        found[axis].append(index)
        left[(slice(None),) * axis + (index,)] = False
    return _sorted(found[0]), _sorted(found[1])


def traces_on(lines: tuple[Lines, Lines], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the mask of the traces on these inlines and crosslines."""
    on = np.zeros(shape, dtype=bool)
    on[lines[0]] = True
    on[:, lines[1]] = True
    return on


def unlabelled_traces(labelled: NDArray[np.bool_], live: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the live traces that hold no label and lie on no line that carries labels.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
        Traces that hold any label.
    live : ndarray of bool, same shape
        Traces that exist.

    Raises
    ------
    LabelError
        If there is none.
    """
    carrying = traces_on(labelled_lines(labelled, live), labelled.shape)
    left = live & ~labelled & ~carrying
    if not left.any():
        raise LabelError("Every line carries labels: none is left to evaluate on.")
    return left


def _shares(labelled: NDArray[np.bool_], left: NDArray[np.bool_], axis: int) -> NDArray[np.float64]:
    """Share of labelled traces among those left on each line of `axis`."""
    total = left.sum(axis=1 - axis)
    return (labelled & left).sum(axis=1 - axis) / np.maximum(total, 1)


def _sorted(indices: list[int]) -> Lines:
    return np.array(sorted(indices), dtype=np.intp)
