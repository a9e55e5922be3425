"""A synthetic survey whose horizons and facies are known exactly.

Owns the recipe: structure (`synthetic_structure`), rocks (`synthetic_rock`), seismic
(`synthetic_seismic`), truth.  Everything follows from shape, seed and difficulty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.synthetic_rock import CHARACTERS
from napari_hyperseg.survey.synthetic_seismic import make_amplitude
from napari_hyperseg.survey.synthetic_structure import Difficulty, make_structure

SHAPE = (64, 96, 120)
START_MS = 1000.0
INTERVAL_MS = 4.0
FIRST_INLINE, FIRST_CROSSLINE = 1001, 2001
# x east and y north in m of inline 0, crossline 0; bins of 25 m x 12.5 m, 30 degrees rotated.
TO_XY = np.array([[21.65, -6.25, 455_000.0], [12.5, 10.825, 6_780_000.0]])
NOISE = 0.25
SMALLEST = (4, 4, 32)
DECIMALS = 2  # of a ms: horizons are exact in the text files, too


@dataclass(frozen=True, eq=False)
class SyntheticSurvey:
    """Amplitudes and the truth about them.

    Parameters
    ----------
    amplitude : ndarray of float32, shape ``geometry.shape``
        Root mean square 1000, not clipped.
    geometry : Geometry
        Lines from 1001 and 2001, 4 ms from 1000 ms, with map coordinates.
    horizons : dict of str to ndarray of float64, shape (n_inlines, n_crosslines)
        Two-way time in ms of each boundary, top to bottom, to a hundredth of a ms.
    facies : ndarray of uint8, shape ``geometry.shape``
        Code 1 above the first horizon, one more from the sample nearest to each horizon on.
    classes : tuple of str
        What the codes from 1 look like.
    """

    amplitude: NDArray[np.float32]
    geometry: Geometry
    horizons: dict[str, NDArray[np.float64]]
    facies: NDArray[np.uint8]
    classes: tuple[str, ...]


def make_synthetic(
    shape: tuple[int, int, int] = SHAPE,
    seed: int = 0,
    *,
    unconformity: bool = False,
    channel: bool = False,
    steep_dips: bool = False,
) -> SyntheticSurvey:
    """Make a folded and faulted survey of six layers.

    Parameters
    ----------
    shape : tuple of int
        (n_inlines, n_crosslines, n_samples); at least (4, 4, 32).
    seed : int
        Every seed is another survey; the same seed is the same survey.
    unconformity : bool
        Erode the lower four layers before the upper two are laid down.
    channel : bool
        Cut a meandering channel into the middle horizon.
    steep_dips : bool
        About double the folds and the throws of the faults.

    Raises
    ------
    SurveyError
        If the shape is too small.
    """
    if any(n < least for n, least in zip(shape, SMALLEST, strict=True)):
        raise SurveyError(
            f"A synthetic survey of {shape} is too small. Make it {SMALLEST} or more."
        )
    rng = np.random.default_rng(seed)
    harder = Difficulty(unconformity, channel, steep_dips)
    structure = make_structure(rng, shape, len(CHARACTERS), harder)
    amplitude = make_amplitude(rng, structure, shape, INTERVAL_MS, NOISE)
    horizons = np.round(START_MS + INTERVAL_MS * structure.horizons(), DECIMALS)
    geometry = _geometry(shape)
    return SyntheticSurvey(
        amplitude=amplitude,
        geometry=geometry,
        horizons={f"H{n}": horizon for n, horizon in enumerate(horizons, 1)},
        facies=_facies(horizons, geometry),
        classes=tuple(character.name for character in CHARACTERS),
    )


def _geometry(shape: tuple[int, int, int]) -> Geometry:
    return Geometry(
        inlines=FIRST_INLINE + np.arange(shape[0]),
        crosslines=FIRST_CROSSLINE + np.arange(shape[1]),
        n_samples=shape[2],
        start_ms=START_MS,
        sample_interval_ms=INTERVAL_MS,
        to_xy=TO_XY,
    )


def _facies(horizons: NDArray[np.float64], geometry: Geometry) -> NDArray[np.uint8]:
    """Number the intervals; a horizon belongs to the sample nearest to it (halves: below)."""
    position = geometry.sample_position(horizons)
    facies = np.ones(geometry.shape, np.uint8)
    for first_below in np.floor(position + 0.5 + 1e-6):
        facies += np.arange(geometry.n_samples) >= first_below[:, :, None]
    return facies
