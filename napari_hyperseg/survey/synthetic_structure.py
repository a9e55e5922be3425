"""The shape of a synthetic earth: folded layers of varying thickness, cut by normal faults.

Owns surfaces in samples (floating point, downwards) over the (inline, crossline) grid, in
the order of events: deposit, fold, (erode, deposit again,) (cut a channel,) fault.  Knows
nothing of rocks or amplitudes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.synthetic_faults import Fault, Surface, make_faults
from napari_hyperseg.survey.synthetic_fields import smooth_field, tilted_plane

FOLD_WAVELENGTH = 75.0  # traces
THICKNESS_WAVELENGTH = 90.0


@dataclass(frozen=True)
class Difficulty:
    """What makes a survey harder than layers, folds and faults."""

    unconformity: bool = False
    channel: bool = False
    steep_dips: bool = False


@dataclass(frozen=True, eq=False)
class Structure:
    """Layer boundaries before faulting, and the faults, oldest first.

    Parameters
    ----------
    tops : ndarray, shape (n_layers - 1, n_inlines, n_crosslines)
        Boundary above each layer but the first, as deposited and folded: gives a sample
        its place in the layer.
    boundaries : ndarray, as `tops`
        The same after erosion: says which layer a sample belongs to.
    stretch : ndarray, shape (n_layers, n_inlines, n_crosslines)
        Thickness of each layer over its mean thickness.
    faults : tuple of Fault
        Oldest first.
    """

    tops: NDArray[np.float64]
    boundaries: NDArray[np.float64]
    stretch: NDArray[np.float64]
    faults: tuple[Fault, ...]

    def horizons(self) -> NDArray[np.float64]:
        """Boundaries as they are today, in samples, shape as `boundaries`."""
        today = []
        for horizon in self.boundaries:
            for fault in self.faults:
                horizon = fault.carry(horizon)
            today.append(horizon)
        return np.array(today)


def make_structure(
    rng: np.random.Generator, shape: tuple[int, int, int], n_layers: int, harder: Difficulty
) -> Structure:
    """Deposit, fold, erode and fault `n_layers` layers."""
    lateral, n_samples = shape[:2], shape[2]
    nominal = n_samples / n_layers
    faults = make_faults(rng, shape, throw=n_samples * (0.15 if harder.steep_dips else 0.09))
    waves = [smooth_field(rng, lateral, THICKNESS_WAVELENGTH) for _ in range(n_layers)]
    stretch = np.exp(0.25 * np.array(waves))
    lift = sum(0.5 * fault.throw.mean() for fault in faults)  # faults only move layers down
    flat = np.cumsum(stretch[:-1] * nominal, axis=0) - lift
    relief = n_samples * (0.12 if harder.steep_dips else 0.06)
    fold = relief * (smooth_field(rng, lateral, FOLD_WAVELENGTH) + tilted_plane(rng, lateral))
    fold -= fold.mean()
    tops = flat + fold * (0.8 + 0.4 * flat / n_samples)
    boundaries = tops
    if harder.unconformity:
        tops, boundaries = _unconformity(tops, flat, fold, nominal)
    if harder.channel:
        boundaries = _channel(rng, boundaries, nominal)
    return Structure(tops, boundaries, stretch, faults)


def _unconformity(
    tops: NDArray[np.float64], flat: NDArray[np.float64], fold: Surface, nominal: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Erode the folded lower layers down to a gentle surface; drape the upper ones on it."""
    upper = 2  # boundaries from the top that follow the gentle surface
    gentle = flat[:upper] + 0.3 * fold
    folded = tops[upper:] + 0.5 * fold - 0.6 * nominal
    lower = np.concatenate([folded[:1] - nominal, folded])
    kept = np.maximum(folded, gentle[-1])
    return np.concatenate([gentle[:-1], lower]), np.concatenate([gentle, kept])


def _channel(
    rng: np.random.Generator, boundaries: NDArray[np.float64], nominal: float
) -> NDArray[np.float64]:
    """Cut a meandering channel into the middle boundary; the layer above fills it."""
    n_inlines, n_crosslines = boundaries.shape[1:]
    x, y = np.arange(n_inlines)[:, None], np.arange(n_crosslines)
    bend = 0.12 * n_crosslines * np.sin(2 * np.pi * x / 55 + rng.uniform(0, 2 * np.pi))
    centre = n_crosslines * rng.uniform(0.35, 0.65) + bend
    depth = 0.75 * nominal * np.clip(1 - ((y - centre) / 9) ** 2, 0, None)
    cut = boundaries.copy()
    cut[len(cut) // 2] += depth
    return np.maximum.accumulate(cut, axis=0)
