"""2D lines of one area, generated: F3-like in extent, with weak reflectors and faults.

The truth is known on all lines; the same beds run under all of them, so that lines tie where they
cross, and textures do not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy_scores import layered
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.segy.writing import write_segy
from napari_hyperseg.survey.synthetic_faults import Fault, make_faults
from napari_hyperseg.survey.synthetic_fields import smooth_field, tilted_plane
from napari_hyperseg.survey.synthetic_rock import Character, Rock, make_beds, make_texture
from napari_hyperseg.survey.synthetic_seismic import Filling
from napari_hyperseg.survey.synthetic_structure import Structure

SHAPE = (650, 950, 460)  # inlines, crosslines, samples
INLINES, CROSSLINES = 9, 8  # that there are
LABELLED_INLINES, LABELLED_CROSSLINES = (2, 6), (2, 5)
INTERVAL_MS = 4.0
NOISE = 0.4
WAVELENGTHS = 480.0, 600.0  # traces: of folds and of thickness
RELIEF, THROW, APART = 14.0, 10.0, 130.0  # samples, samples, traces
WEAK = 0.3  # of the usual contrast at a boundary
TO_XY = np.array([[25.0, 0.0, 605_000.0], [0.0, 25.0, 6_073_000.0]])

CHARACTERS = (
    Character("fine parallel", 2.5, 0.8, 0.85, 20.0, 50.0),
    Character("transparent", 5.0, 0.25, 0.5, 10.0, 40.0),
    Character("mounded", 4.0, 0.7, 0.3, 6.0, 35.0),
    Character("bright parallel", 3.5, 1.0, 0.9, 20.0, 42.0),
    Character("chaotic", 3.0, 0.9, 0.0, 2.0, 35.0),
    Character("low frequency", 6.5, 0.9, 0.85, 20.0, 22.0),
    Character("wavy", 4.5, 0.8, 0.45, 8.0, 32.0),
    Character("dim parallel", 4.0, 0.4, 0.8, 15.0, 38.0),
    Character("broken", 5.0, 1.0, 0.3, 4.0, 28.0),
    Character("deep chaotic", 4.0, 0.8, 0.05, 3.0, 24.0),
)
STRONG = np.array([1, WEAK, WEAK, 1, WEAK, 1, WEAK, WEAK, 1, 1])  # impedance level of each layer


@dataclass(frozen=True, eq=False)
class Line:
    """A 2D line.

    Parameters
    ----------
    key : str
    segy : Path
    volume : ndarray of float32, shape (1, n_traces, n_samples)
    truth : ndarray of uint8, same shape
    at : ndarray of int, shape (n_traces, 2)
        Inline and crossline index of each trace, on the map.
    labelled : bool
    """

    key: str
    segy: Path
    volume: NDArray[np.float32]
    truth: NDArray[np.uint8]
    at: NDArray[np.intp]
    labelled: bool


def make_lines(folder: Path, seed: int) -> list[Line]:
    """Make the lines of an area as SEG-Y files in a folder."""
    rng = np.random.default_rng(seed)
    structure = _structure(rng)
    beds = [make_beds(rng, character, SHAPE[2]) for character in CHARACTERS]
    signs = np.where(np.arange(len(CHARACTERS)) % 2, 1, -1)
    levels = STRONG * signs * rng.uniform(0.5, 1.0, len(CHARACTERS))
    lines = []
    for axis, count, labelled in (
        (0, INLINES, LABELLED_INLINES),
        (1, CROSSLINES, LABELLED_CROSSLINES),
    ):
        for number, index in enumerate(np.linspace(0.03, 0.97, count) * SHAPE[axis]):
            known = number in labelled
            lines.append(_line(rng, folder, structure, beds, levels, (axis, int(index)), known))
    return lines


def _structure(rng: np.random.Generator) -> Structure:
    lateral, n_layers = SHAPE[:2], len(CHARACTERS)
    fold_length, thickness_length = WAVELENGTHS
    faults = make_faults(rng, SHAPE, THROW, APART)
    waves = [smooth_field(rng, lateral, thickness_length) for _ in range(n_layers)]
    stretch = np.exp(0.3 * np.array(waves))
    lift = sum(0.5 * fault.throw.mean() for fault in faults)
    flat = np.cumsum(stretch[:-1] * SHAPE[2] / n_layers, axis=0) - lift
    fold = RELIEF * (smooth_field(rng, lateral, fold_length) + tilted_plane(rng, lateral))
    tops = flat + (fold - fold.mean()) * (0.6 + 0.8 * flat / SHAPE[2])
    return Structure(tops, tops, stretch, faults)


def _line(
    rng: np.random.Generator,
    folder: Path,
    structure: Structure,
    beds: list[NDArray[np.float32]],
    levels: NDArray[np.float64],
    place: tuple[int, int],
    labelled: bool,
) -> Line:
    axis, index = place
    along = _along(axis, index)
    section = Structure(
        along(structure.tops),
        along(structure.boundaries),
        along(structure.stretch),
        tuple(Fault(along(fault.plane), along(fault.throw)) for fault in structure.faults),
    )
    n_traces = SHAPE[1 - axis]
    shape = (1, n_traces, SHAPE[2])
    rocks = [
        Rock(bed, make_texture(rng, character, shape), character.peak_hz)
        for bed, character in zip(beds, CHARACTERS, strict=True)
    ]
    volume = Filling(section, rocks, levels).amplitude(rng, shape, INTERVAL_MS, NOISE)
    at = np.stack([np.full(n_traces, index), np.arange(n_traces)], axis=1)
    at = at if axis == 0 else at[:, ::-1]
    key = f"{'inline' if axis == 0 else 'crossline'}_{index}"
    segy = folder / f"{key}.sgy"
    write_segy(segy, volume, _geometry(at), ["GENERATED 2D LINE, NOT A REAL ONE"])
    return Line(key, segy, volume, layered(section.horizons(), SHAPE[2]), at, labelled)


def _along(axis: int, index: int) -> Callable[[NDArray], NDArray]:
    """Cut a line out of maps (the last two axes), as a single inline."""
    return lambda maps: np.moveaxis(np.take(maps, [index], axis=axis - 2), axis - 2, -2)


def _geometry(at: NDArray[np.intp]) -> Geometry:
    return Geometry(
        inlines=np.array([1]),
        crosslines=1 + np.arange(len(at)),
        n_samples=SHAPE[2],
        start_ms=0.0,
        sample_interval_ms=INTERVAL_MS,
        line_xy=at @ TO_XY[:, :2].T + TO_XY[:, 2],
    )
