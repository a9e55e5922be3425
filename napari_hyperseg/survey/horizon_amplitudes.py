"""Amplitudes along a horizon, between samples by cubic interpolation.

Source: Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans.
ASSP 29(6), 1981, equation 15 (a = -1/2): exact for parabolas, third order in the interval.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.survey import Survey

BLOCK_VALUES = 2**24  # read at once: 64 MB

Stop = Callable[[], bool]


def horizon_amplitudes(
    survey: Survey, horizon: NDArray[np.floating], stop: Stop = lambda: False
) -> NDArray[np.float32]:
    """Sample a survey along a horizon.

    Parameters
    ----------
    survey : Survey
        Read block by block of inlines, only as high as the horizon.
    horizon : ndarray, shape (n_inlines, n_crosslines)
        In the survey's vertical unit.
    stop : callable
        Asked between blocks; what is left is NaN when it says so.

    Returns
    -------
    ndarray of float32, shape (n_inlines, n_crosslines)
        NaN where the horizon has no value, leaves the survey, or has no trace.
    """
    geometry = survey.geometry
    samples = geometry.sample_position(np.asarray(horizon, np.float64))
    inside = (samples >= 0) & (samples <= geometry.n_samples - 1) & geometry.live_mask
    amplitudes = np.full(samples.shape, np.nan, np.float32)
    n_inlines, n_crosslines, n_samples = geometry.shape
    rows = max(1, BLOCK_VALUES // (n_crosslines * n_samples))
    for start in range(0, n_inlines, rows):
        if stop():
            break
        block = slice(start, min(start + rows, n_inlines))
        if inside[block].any():
            amplitudes[block] = _along(survey, block, samples[block], inside[block])
    return amplitudes


def _along(
    survey: Survey, block: slice, samples: NDArray[np.float64], inside: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Interpolate in the traces of some inlines."""
    n_samples = survey.geometry.n_samples
    first = max(int(samples[inside].min()) - 1, 0)
    last = min(int(samples[inside].max()) + 3, n_samples)
    box = ((block.start, block.stop), (0, samples.shape[1]), (first, last))
    volume = survey.load(box)
    i, j = np.nonzero(inside)
    at = samples[inside] - first
    base = np.floor(at).astype(np.intp)
    taps = [volume[i, j, np.clip(base + n, 0, last - first - 1)] for n in (-1, 0, 1, 2)]
    found = np.full(samples.shape, np.nan, np.float32)
    found[inside] = _cubic(taps, at - base)
    return found


def _cubic(taps: list[NDArray[np.float32]], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate between the second and the third of four samples."""
    before, here, there, beyond = taps
    slope, next_slope = (there - before) / 2, (beyond - here) / 2
    s2, s3 = share**2, share**3
    return (
        (2 * s3 - 3 * s2 + 1) * here
        + (s3 - 2 * s2 + share) * slope
        + (3 * s2 - 2 * s3) * there
        + (s3 - s2) * next_slope
    )
