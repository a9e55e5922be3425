"""Waveforms around a horizon, and how alike they are: normalised cross-correlation.

Knows arrays only.  A dead trace has a waveform of zeros, which is like nothing: 0.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Waveforms = NDArray[np.float32]

_LEAST = np.float32(1e-30)  # of an energy, against division by zero


def unit(waveforms: Waveforms) -> Waveforms:
    """Scale waveforms (last axis) to norm 1; those of zeros stay."""
    energy = np.einsum("...w,...w->...", waveforms, waveforms)[..., None]
    return waveforms / np.sqrt(np.maximum(energy, _LEAST))


def cut(pieces: Waveforms, at: NDArray[np.float64], half: int) -> Waveforms:
    """Cut waveforms out of pieces of traces, between samples by linear interpolation.

    Parameters
    ----------
    pieces : ndarray of float32, shape (n, m)
    at : ndarray of float, shape (n,)
        Centres, counted from the beginnings of the pieces.
    half : int
        Samples on either side.

    Returns
    -------
    ndarray of float32, shape (n, 2 * half + 1)
    """
    whole = np.floor(at)
    share = (at - whole).astype(np.float32)[:, None]
    index = whole.astype(np.intp)[:, None] + np.arange(-half, half + 2)
    np.clip(index, 0, pieces.shape[1] - 1, out=index)
    samples = pieces[np.arange(len(pieces))[:, None], index]
    return samples[:, :-1] + share * (samples[:, 1:] - samples[:, :-1])


def correlations(pieces: Waveforms, references: Waveforms) -> NDArray[np.float32]:
    """Correlate the window around every sample of pieces of traces with a reference.

    Parameters
    ----------
    pieces : ndarray of float32, shape (a, b, m + 2 * half)
    references : ndarray of float32, shape (a, 2 * half + 1) or (a, b, 2 * half + 1)
        Of norm 1.

    Returns
    -------
    ndarray of float32, shape (a, b, m)
        From -1 to 1; 0 where a window is dead.
    """
    width = references.shape[-1]
    windows = sliding_window_view(pieces, width, axis=2)
    one_each = "aw" if references.ndim == 2 else "abw"
    products = np.einsum(f"abmw,{one_each}->abm", windows, references)
    return products / energies(pieces, width)


def energies(pieces: Waveforms, width: int) -> NDArray[np.float32]:
    """Norm of the window of so many samples around every sample (last axis)."""
    return np.sqrt(np.maximum(sums(np.square(pieces), width), _LEAST))


def sums(values: Waveforms, width: int) -> NDArray[np.float32]:
    """Sum over every window of so many values along the last axis."""
    running = np.empty((*values.shape[:-1], values.shape[-1] + 1))
    running[..., 0] = 0.0
    np.cumsum(values, axis=-1, dtype=np.float64, out=running[..., 1:])
    return (running[..., width:] - running[..., :-width]).astype(np.float32)


def vertex(values: NDArray[np.float32], at: NDArray[np.intp]) -> NDArray[np.float64]:
    """Refine positions of maxima along the last axis by a parabola, by half a sample at most.

    Parameters
    ----------
    values : ndarray, shape (..., m)
    at : ndarray of int, shape (...)

    Returns
    -------
    ndarray of float64, shape (...)
    """
    inner = np.clip(at, 1, values.shape[-1] - 2)
    flat = values.reshape(-1, values.shape[-1])
    rows = np.arange(len(flat)).reshape(at.shape)
    before, top, after = (flat[rows, inner + d] for d in (-1, 0, 1))
    curvature = 2 * top - before - after
    bent = curvature > 0
    moved = (after - before) / np.where(bent, 2 * curvature, 1)
    moved = np.where(bent & (inner == at), np.clip(moved, -0.5, 0.5), 0.0)
    return at.astype(np.float64) + moved
