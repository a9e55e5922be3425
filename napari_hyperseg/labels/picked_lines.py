"""Which lines an interpreter picked horizons on, in one list with those that are painted.

Picked traces belong to lines by the same rule as painted ones, see `painted_lines`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.painted_lines import (
    CROSSLINE,
    INLINE,
    TIME_SLICE,
    LabelledLine,
    painted_lines,
)


def with_picks(
    lines: tuple[LabelledLine, ...], picked: Mapping[str, NDArray[np.bool_]]
) -> tuple[LabelledLine, ...]:
    """Add to a list what is picked on each line, and the lines that carry picks alone.

    Parameters
    ----------
    lines : tuple of LabelledLine
        Those that are painted.
    picked : mapping of str to ndarray of bool, shape (n_inlines, n_crosslines)
        Traces on which each horizon is picked, from top to bottom.

    Returns
    -------
    tuple of LabelledLine
        Inlines, crosslines, time slices.
    """
    if not picked:
        return lines
    known = {line.place: line for line in lines}
    belonging = painted_lines(np.logical_or.reduce(list(picked.values())))
    for axis, indices in zip((INLINE, CROSSLINE), belonging, strict=True):
        for index in map(int, indices):
            known.setdefault((axis, index), LabelledLine(axis, index, ()))
    traces = {
        axis: {name: where.sum(axis=1 - axis).tolist() for name, where in picked.items()}
        for axis in (INLINE, CROSSLINE)
    }
    return tuple(
        line
        if line.axis == TIME_SLICE
        else replace(
            line,
            picks=tuple(
                (name, n[line.index]) for name, n in traces[line.axis].items() if n[line.index]
            ),
        )
        for _, line in sorted(known.items())
    )
