"""Surveys whose facies are known everywhere, and which of their traces are labelled.

Six generated cubes, of seeds that nothing was tuned on, and the Penobscot window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.tracking_fields import penobscot_files
from napari_hyperseg.labels.targets import facies_between
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

SHAPE = (96, 112, 120)
EASY, HARD = "easy", "hard"
CUBES: dict[int, dict[str, bool]] = {
    31: {},
    32: {},
    33: {"channel": True},
    34: {"steep_dips": True},
    35: {"unconformity": True},
    36: {"unconformity": True, "channel": True, "steep_dips": True},
}
EASY_SEEDS = (31, 32, 33)
WELLS, DISC = 8, 2  # traces from the middle of a well to the edge of its label
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Case:
    """A survey and the truth about it.

    Parameters
    ----------
    name, kind : str
    segy : Path
    volume : ndarray of float32, shape (n_inlines, n_crosslines, n_samples)
    truth : ndarray of uint8, same shape
        Layered facies, 1 to `n_classes`; 0 = not known.
    """

    name: str
    kind: str
    segy: Path
    volume: NDArray[np.float32]
    truth: NDArray[np.uint8]

    @property
    def n_classes(self) -> int:
        """Number of facies."""
        return int(self.truth.max())

    @property
    def surfaces(self) -> NDArray[np.float64]:
        """First sample below each boundary, shape (n_classes - 1, n_inlines, n_crosslines)."""
        return surfaces_of(self.truth, self.n_classes)

    def picks(self, labelled: Mask) -> NDArray[np.float64]:
        """The same where it is labelled and lies inside the volume; elsewhere NaN."""
        surfaces = self.surfaces
        inside = (surfaces > 0) & (surfaces < self.volume.shape[2])
        return np.where(labelled & inside, surfaces, np.nan)


def surfaces_of(codes: NDArray[np.uint8], n_classes: int) -> NDArray[np.float64]:
    """First sample below each boundary: as many as there are samples above it."""
    above = [np.count_nonzero(codes <= code, axis=2) for code in range(1, n_classes)]
    return np.array(above, np.float64)


def generated(folder: Path, seeds: tuple[int, ...] = tuple(CUBES)) -> Iterator[Case]:
    """Make the cubes, from easy to hard, as SEG-Y files in a folder."""
    for seed in seeds:
        made = make_synthetic(SHAPE, seed, **CUBES[seed])
        segy = write_synthetic(made, folder, f"cube_{seed}")
        kind = EASY if seed in EASY_SEEDS else HARD
        yield Case(f"cube {seed}", kind, segy, made.amplitude, made.facies)


def penobscot(folder: Path) -> Case:
    """Read the Penobscot window; its seven horizons part eight facies.

    Raises
    ------
    SystemExit
        If it is not there.
    """
    segy, files = penobscot_files(folder)
    survey = open_survey(segy)
    horizons = [read_horizon_file(file, survey.geometry).values for file in files.values()]
    truth = facies_between(horizons, survey.geometry)
    return Case("Penobscot west", "real", segy, np.asarray(survey.volume[:], np.float32), truth)


def lines(*, inlines: tuple[float, ...] = (), crosslines: tuple[float, ...] = ()) -> Layout:
    """Label whole lines, at these shares of the survey's extent."""

    def label(shape: tuple[int, ...], seed: int) -> Mask:
        labelled = np.zeros(shape[:2], bool)
        labelled[[round(share * (shape[0] - 1)) for share in inlines]] = True
        labelled[:, [round(share * (shape[1] - 1)) for share in crosslines]] = True
        return labelled

    return label


def wells(shape: tuple[int, ...], seed: int) -> Mask:
    """Label small discs at random places."""
    random = np.random.default_rng(seed)
    i, j = np.indices(shape[:2])
    labelled = np.zeros(shape[:2], bool)
    for _ in range(WELLS):
        at = [random.integers(DISC, extent - DISC) for extent in shape[:2]]
        labelled |= np.maximum(abs(i - at[0]), abs(j - at[1])) <= DISC
    return labelled


Layout = Callable[[tuple[int, ...], int], Mask]
CUBE_LAYOUTS: dict[str, Layout] = {
    "1 line": lines(inlines=(0.5,)),
    "2 lines": lines(inlines=(0.5,), crosslines=(0.5,)),
    "3 lines": lines(inlines=(0.25, 0.75), crosslines=(0.5,)),
    "4 lines": lines(inlines=(1 / 6, 0.5, 5 / 6), crosslines=(0.5,)),
    "5 lines": lines(inlines=(1 / 6, 0.5, 5 / 6), crosslines=(0.25, 0.75)),
    "8 wells": wells,
}
PENOBSCOT_LAYOUTS: dict[str, Layout] = {
    "1 line": lines(crosslines=(0.5,)),
    "2 lines": lines(crosslines=(0.0, 1.0)),
    "3 lines": lines(crosslines=(0.0, 0.5, 1.0)),  # crosslines 1002, 1116 and 1230
    "5 lines": lines(crosslines=(0.0, 0.25, 0.5, 0.75, 1.0)),
    "8 wells": wells,
}
