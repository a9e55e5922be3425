"""Traces whose labels and predictions come in pieces, put together again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.rank_limits import UNKNOWN, RankLimits


@dataclass(frozen=True)
class BoxOfTraces:
    """A piece of traces, with what is predicted of it in several ways.

    Parameters
    ----------
    top : int
        Index of its first sample.
    truth : RankLimits, shape (2, i, j, k)
        What labels say; nothing: not counted.
    codes : list of ndarray of uint8, shape (i, j, k)
        Predicted, by each way.
    """

    top: int
    truth: RankLimits
    codes: list[NDArray[np.uint8]]


def joined(parts: list[BoxOfTraces]) -> tuple[RankLimits, list[NDArray[np.uint8]]]:
    """Join boxes to traces, shape (..., n, n_samples); nothing is known where there was no box."""
    height = max(part.top + part.truth.shape[3] for part in parts)
    whole = np.zeros((len(parts[0].codes) + 2, *parts[0].truth.shape[1:3], height), np.uint8)
    whole[1] = UNKNOWN
    for part in parts:
        rows = slice(part.top, part.top + part.truth.shape[3])
        whole[..., rows] = (*part.truth, *part.codes)
    labelled = whole[0].any(axis=-1)
    return whole[:2, labelled], [codes[labelled] for codes in whole[2:]]
