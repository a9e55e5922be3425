"""What lies between two surfaces: the voxels of any box of a survey, and the traces left out.

Owns the rule, which is that of `targets`: a surface belongs to the sample nearest to it, and
that sample is the first of the interval below.  Knows no file and no section.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Surface = NDArray[np.floating]
"""First samples below a surface, shape (n_inlines, n_crosslines); NaN where it is absent."""

TOP, BASE = -np.inf, np.inf
"""Of a survey, as a surface."""


@dataclass(frozen=True)
class Between:
    """The part of a box that lies between two surfaces.

    Parameters
    ----------
    voxels : ndarray of bool, shape (n_inlines, n_crosslines, n_samples)
        What lies between.
    absent, crossing : int
        Traces that are left out: a surface is missing, or the upper one lies deeper.
    """

    voxels: NDArray[np.bool_]
    absent: int
    crossing: int


def between(
    upper: Surface,
    lower: Surface,
    samples: NDArray[np.integer],
    live: NDArray[np.bool_] | None = None,
) -> Between:
    """Find what lies between two surfaces.

    Parameters
    ----------
    upper, lower : ndarray of float, shape (n_inlines, n_crosslines)
        First sample below each, see `targets.first_sample_below`; `TOP` and `BASE` where it is
        an edge of the survey.
    samples : ndarray of int, shape (n_samples,)
        Which samples of the traces are looked at.
    live : ndarray of bool, shape (n_inlines, n_crosslines), optional
        Traces that exist; others are neither filled nor counted.
    """
    there = np.ones(upper.shape, bool) if live is None else live
    known = np.isfinite(upper) | (upper == TOP)
    known &= np.isfinite(lower) | (lower == BASE)
    crossed = known & (upper > lower)
    filled = there & known & ~crossed
    voxels = (samples >= upper[..., None]) & (samples < lower[..., None]) & filled[..., None]
    return Between(voxels, int((there & ~known).sum()), int((there & crossed).sum()))
