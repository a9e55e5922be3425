"""Which lines of a survey a report shows: some that carry labels and some that do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from napari_hyperseg.labels.painted_lines import CROSSLINE, INLINE, TIME_SLICE, LabelledLine
from napari_hyperseg.survey.geometry import Geometry

NAMES = {INLINE: "Inline", CROSSLINE: "Crossline", TIME_SLICE: "Slice at"}
OF_EACH = 2  # kind of lines along each axis


@dataclass(frozen=True)
class Shown:
    """A section of the survey.

    Parameters
    ----------
    axis, index : int
        Which it cuts, and where.
    labelled : bool
        Whether it is one of the lines that were labelled.
    """

    axis: int
    index: int
    labelled: bool

    def title(self, geometry: Geometry) -> str:
        """Return what it is called: "Inline 1011"."""
        axes = (geometry.inlines, geometry.crosslines, geometry.times_ms)
        unit = f" {geometry.vertical_unit}" if self.axis == TIME_SLICE else ""
        return f"{NAMES[self.axis]} {axes[self.axis][self.index]:.10g}{unit}"


def choose_sections(lines: Sequence[LabelledLine], geometry: Geometry) -> list[Shown]:
    """Choose sections that are spread over the survey.

    Parameters
    ----------
    lines : sequence of LabelledLine
        Those that carry labels.
    geometry : Geometry

    Returns
    -------
    list of Shown
        Up to two labelled and two unlabelled inlines, as many crosslines, and the time slice in
        the middle; of a 2D line, the line.
    """
    chosen: list[Shown] = []
    kinds = [axis for axis in (INLINE, CROSSLINE) if geometry.shape[1 - axis] > 1]
    for axis in kinds:
        labelled = sorted(line.index for line in lines if line.axis == axis)
        live = np.flatnonzero(geometry.live_mask.any(axis=1 - axis)).tolist()
        others = sorted(set(live) - set(labelled))
        both = [(at, True) for at in spread(labelled)] + [(at, False) for at in spread(others)]
        chosen += [Shown(axis, at, carries) for at, carries in sorted(both)]
    if len(kinds) < 2:
        return chosen
    middle = geometry.n_samples // 2
    slices = {line.index for line in lines if line.axis == TIME_SLICE}
    return [*chosen, Shown(TIME_SLICE, middle, middle in slices)]


def spread(indices: Sequence[int], count: int = OF_EACH) -> list[int]:
    """Return at most so many of these, as far from each other and the ends as they can be."""
    if len(indices) <= count:
        return list(indices)
    return [indices[int(len(indices) * (2 * n + 1) / (2 * count))] for n in range(count)]
