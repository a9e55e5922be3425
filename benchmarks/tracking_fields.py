"""Surveys whose horizons are known: the Penobscot window, and generated cubes.

Owns where they come from and which event each horizon lies on; knows no tracker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.synthetic import SHAPE, make_synthetic

Grid = NDArray[np.float64]

PENOBSCOT = "penobscot_west"
PICKED_CROSSLINES = (1002, 1116, 1230)
MISSING = (
    "{} has no penobscot_west.sgy with penobscot_west_H1.txt to H7.txt, a window of the Penobscot "
    "survey (https://zenodo.org/records/3924682). Name their folder with --data, or try --generated"
)
SEEDS = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class Field:
    """A survey and the truth about it.

    Parameters
    ----------
    name : str
    volume : ndarray, shape (n_inlines, n_crosslines, n_samples)
    horizons : dict of str to ndarray of float, shape (n_inlines, n_crosslines)
        In samples; NaN where not known.
    lines : tuple of int
        Crosslines, counted from 0, on which the horizons are given as picks.
    """

    name: str
    volume: NDArray[np.floating]
    horizons: dict[str, Grid]
    lines: tuple[int, ...]

    def picks(self, horizon: str) -> Grid:
        """Return a horizon on the lines on which it is given, NaN elsewhere."""
        true = self.horizons[horizon]
        picks = np.full(true.shape, np.nan)
        picks[:, self.lines] = true[:, self.lines]
        return picks

    def event(self, horizon: str) -> Event:
        """Return what a horizon lies on, as its picks tell: a peak, or a trough."""
        return event_of(self.volume, self.picks(horizon))


def event_of(volume: NDArray[np.floating], picks: Grid) -> Event:
    """Return what picks lie on, by most of them: peaks, or troughs."""
    i, j = np.nonzero(np.isfinite(picks))
    sample = np.rint(picks[i, j]).astype(int)
    amplitude = volume[i, j, np.clip(sample, 0, volume.shape[2] - 1)]
    return Event.PEAK if np.sign(amplitude).sum() >= 0 else Event.TROUGH


def penobscot_files(folder: Path) -> tuple[Path, dict[str, Path]]:
    """Return the SEG-Y file of the Penobscot window, and those of its seven horizons.

    Raises
    ------
    SystemExit
        If they are not there.
    """
    segy = folder / f"{PENOBSCOT}.sgy"
    files = {f"H{k}": folder / f"{PENOBSCOT}_H{k}.txt" for k in range(1, 8)}
    if not all(file.exists() for file in (segy, *files.values())):
        raise SystemExit(MISSING.format(folder))
    return segy, files


def penobscot(folder: Path) -> Field:
    """Read the Penobscot window and its seven horizons, which were interpreted in whole samples.

    Raises
    ------
    SystemExit
        If they are not there.
    """
    segy, files = penobscot_files(folder)
    survey = open_survey(segy)
    geometry = survey.geometry
    return Field(
        "Penobscot west",
        np.asarray(survey.volume[:], np.float32),
        {k: in_samples(read_horizon_file(f, geometry).values, geometry) for k, f in files.items()},
        tuple(geometry.crossline_index(number) for number in PICKED_CROSSLINES),
    )


def generated(
    shape: tuple[int, int, int] = SHAPE, seeds: tuple[int, ...] = SEEDS
) -> Iterator[Field]:
    """Make folded and faulted cubes; the first, the middle and the last crossline are picked."""
    for seed in seeds:
        made = make_synthetic(shape, seed)
        horizons = {k: in_samples(times, made.geometry) for k, times in made.horizons.items()}
        lines = (0, shape[1] // 2, shape[1] - 1)
        yield Field(f"generated {seed}", made.amplitude, horizons, lines)


def in_samples(times: NDArray[np.floating], geometry: Geometry) -> Grid:
    """Times in ms, counted in samples from the first one."""
    return (times.astype(np.float64) - geometry.start_ms) / geometry.sample_interval_ms
