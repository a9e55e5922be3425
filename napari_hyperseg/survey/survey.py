"""A survey: where its samples are, the samples, and the file they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Box, Geometry
from napari_hyperseg.survey.segy.indexing import SegyIndex
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.survey_volume import SurveyVolume

CLIP_PERCENTILE = 99.0  # of |amplitude|, at which a display saturates
CLIP_TRACES = 2000  # traces looked at for a clip: enough for two digits of a percentile


class Volume(Protocol):
    """What samples answer to, read only: numpy, memory maps, zarr and SEG-Y files do."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Extent along (inline, crossline, sample)."""

    @property
    def dtype(self) -> Any:
        """Numpy type of a sample."""

    def __getitem__(self, key: Any, /) -> Any:
        """Read what integers and slices select."""


@dataclass(frozen=True, eq=False)
class SegySource:
    """The SEG-Y file of a survey, and how it was read.

    Parameters
    ----------
    path : Path
        The file.
    index : SegyIndex
        Which trace lies where.
    format_code : int
        Sample format code of the binary header.
    format : str
        The sample format in words.
    endian : {"big", "little"}
        Byte order.
    fingerprint : str
        Names the content: equal for equal files.
    """

    path: Path
    index: SegyIndex
    format_code: int
    format: str
    endian: Literal["big", "little"]
    fingerprint: str

    @property
    def reading(self) -> Reading:
        """How the headers were read: ``open_survey(path, reading)`` gives the same survey."""
        return self.index.reading

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about the file, a line each."""
        return self.index.warnings


@dataclass(frozen=True, eq=False)
class Survey:
    """Geometry, lazily read samples, and their source.

    Parameters
    ----------
    geometry : Geometry
        Line numbers and times.
    volume : SurveyVolume
        Samples of shape ``geometry.shape``; missing traces are zero.
    source : SegySource
        Where they come from.
    clips : dict of float to float
        What is known of `clip`, by percentile.
    """

    geometry: Geometry
    volume: SurveyVolume
    source: SegySource
    clips: dict[float, float] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Stem of the file's name."""
        return self.source.path.stem

    def clip(self, percentile: float = CLIP_PERCENTILE) -> float:
        """Percentile of ``|amplitude|`` over live, finite, non-zero samples.

        Looks at no more than 2000 traces, evenly spread, always the same ones, and only once.
        1.0 for a survey without such samples.
        """
        if percentile not in self.clips:
            self.clips[percentile] = self._measure(percentile)
        return self.clips[percentile]

    def _measure(self, percentile: float) -> float:
        live = np.argwhere(self.geometry.live_mask)
        chosen = live[np.linspace(0, len(live) - 1, min(len(live), CLIP_TRACES)).astype(int)]
        traces = [np.asarray(self.volume[int(i), int(j)], np.float32) for i, j in chosen]
        return saturation(np.concatenate(traces), percentile)

    def load(self, box: Box | None = None) -> NDArray[np.float32]:
        """Read a box, or everything, as float32; samples that are not finite become 0.

        Parameters
        ----------
        box : tuple of three (start, stop), or None
            Half-open index ranges along (inline, crossline, sample).

        Returns
        -------
        ndarray of float32
            In the box's shape.  Costs little more memory than that.
        """
        (i0, i1), (j0, j1), (k0, k1) = box or tuple((0, n) for n in self.geometry.shape)
        block = np.empty((i1 - i0, j1 - j0, k1 - k0), np.float32)
        for row, i in zip(block, range(i0, i1), strict=True):
            with np.errstate(over="ignore", invalid="ignore"):  # float64 beyond float32
                section = np.asarray(self.volume[i, j0:j1, k0:k1]).astype(np.float32)
            np.nan_to_num(section, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
            row[...] = section
        return block


def saturation(samples: NDArray[np.floating], percentile: float = CLIP_PERCENTILE) -> float:
    """Percentile of ``|amplitude|`` over finite, non-zero samples; 1.0 if there are none."""
    amplitude = np.abs(samples)
    amplitude = amplitude[np.isfinite(amplitude) & (amplitude > 0)]
    return float(np.percentile(amplitude, percentile)) if amplitude.size else 1.0
