"""What fills a synthetic earth: layers that reflect differently.

Owns the reflection characters and the impedance.  A layer's impedance is a blocky column of
beds, the same everywhere, mixed with a texture that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from napari_hyperseg.survey.synthetic_structure import Structure

FINER = 4  # impedance samples per seismic sample
TEXTURE_STEP = 0.5  # samples between values of a texture


@dataclass(frozen=True)
class Character:
    """How a layer looks on a section.

    Parameters
    ----------
    name : str
        What an interpreter calls it.
    bed : float
        Mean thickness of a bed in samples: the inverse of the density of reflectors.  They
        show best at half a period of the wavelet.
    contrast : float
        Standard deviation of impedance: amplitude.
    continuity : float
        Share of beds against texture, 0 (chaotic) to 1 (parallel).
    reach : float
        Length over which the texture stays the same, in traces.
    peak_hz : float
        Peak frequency of the wavelet.
    """

    name: str
    bed: float
    contrast: float
    continuity: float
    reach: float
    peak_hz: float


CHARACTERS = (
    Character("bright parallel", 3.0, 1.0, 0.92, 12.0, 40.0),
    Character("transparent", 5.0, 0.15, 0.5, 10.0, 35.0),
    Character("low frequency", 6.5, 1.1, 0.9, 20.0, 18.0),
    Character("chaotic", 2.5, 1.2, 0.0, 1.3, 32.0),
    Character("fine parallel", 2.0, 0.8, 0.88, 12.0, 58.0),
    Character("broken", 4.5, 1.3, 0.3, 4.0, 26.0),
)


@dataclass(frozen=True, eq=False)
class Rock:
    """A layer's impedance over (inline, crossline, samples below its top)."""

    beds: NDArray[np.float32]  # (n,)
    texture: NDArray[np.float32]  # (n_inlines, n_crosslines, n)
    peak_hz: float

    @classmethod
    def make(
        cls, rng: np.random.Generator, character: Character, shape: tuple[int, int, int]
    ) -> Rock:
        """Draw a layer of this character under every trace of a survey."""
        beds = make_beds(rng, character, shape[2])
        return cls(beds, make_texture(rng, character, shape), character.peak_hz)

    def impedance(self, row: int, below: NDArray[np.float64]) -> NDArray[np.float32]:
        """On one inline, at positions (n_crosslines, n) in samples below the layer's top."""
        bed = np.clip(below * FINER * 2, 0, len(self.beds) - 1).astype(np.intp)
        place, count = below / TEXTURE_STEP, self.texture.shape[2]
        low = place.astype(np.intp)
        part = (place - low).astype(np.float32)
        upper = np.take_along_axis(self.texture[row], low % count, axis=1)
        lower = np.take_along_axis(self.texture[row], (low + 1) % count, axis=1)
        return np.asarray(self.beds[bed] + upper * (1 - part) + lower * part, np.float32)


def make_beds(rng: np.random.Generator, character: Character, depth: int) -> NDArray[np.float32]:
    """Draw a blocky column; far more than a layer: erosion and channels look below its base."""
    bases = np.cumsum(character.bed * rng.uniform(0.6, 1.4, 2 * depth))
    signs = np.where(np.arange(2 * depth) % 2, 1, -1)  # hard and soft beds in turn
    values = signs * rng.uniform(0.6, 1.4, 2 * depth)
    beds = values[np.searchsorted(bases, np.arange(depth * FINER * 2) / (FINER * 2))]
    return np.asarray(character.contrast * character.continuity * beds, np.float32)


def make_texture(
    rng: np.random.Generator, character: Character, shape: tuple[int, int, int]
) -> NDArray[np.float32]:
    """Draw what is not the same everywhere; below some depth it repeats."""
    count = int(1.5 * shape[2] / len(CHARACTERS) / TEXTURE_STEP)
    width = (character.reach, character.reach, 0.45 * character.bed / TEXTURE_STEP)
    texture = gaussian_filter(
        rng.standard_normal((*shape[:2], count), dtype=np.float32), width, mode="wrap"
    )
    share = character.contrast * (1 - character.continuity)
    return np.asarray(share / texture.std() * texture)


def fill_inline(
    structure: Structure,
    rocks: Sequence[Rock],
    levels: NDArray[np.float64],
    row: int,
    shape: tuple[int, int, int],
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Layer and impedance on one inline, each (n_crosslines, FINER * n_samples)."""
    samples = np.broadcast_to(np.arange(FINER * shape[2]) / FINER, (shape[1], FINER * shape[2]))
    for fault in reversed(structure.faults):
        samples = fault.undo(samples, row)
    layer = (samples >= structure.boundaries[:, row, :, None]).sum(axis=0)
    # The first layer has no top: its beds hang from the boundary below it.
    first = structure.tops[:1, row] - shape[2] / len(rocks) * structure.stretch[:1, row]
    tops = np.concatenate([first, structure.tops[:, row]])
    impedance = np.zeros(samples.shape, np.float32)
    for number, rock in enumerate(rocks):
        below = (samples - tops[number][:, None]) / structure.stretch[number, row][:, None]
        inside = layer == number
        impedance[inside] = (levels[number] + rock.impedance(row, np.abs(below)))[inside]
    return layer, impedance
