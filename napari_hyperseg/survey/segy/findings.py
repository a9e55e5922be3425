"""What turns up on the way from trace headers to an index: the choice that was made, and others."""

from __future__ import annotations

from dataclasses import dataclass

from napari_hyperseg.errors import ReadingError
from napari_hyperseg.survey.segy.coordinates import FoundMap
from napari_hyperseg.survey.segy.lines import LineGrid


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found on the way to an index, for who wants to know more.

    Parameters
    ----------
    grid : LineGrid
    prestack : bool
        Whether positions hold several traces.
    map : FoundMap
        Where the traces lie.
    others : tuple of LineGrid
        Other ways to arrange the traces that explain them as well; none if the bytes were given.
    undecided : ReadingError or None
        What is to be chosen before the file can be opened; the index is then only a description.
    """

    grid: LineGrid
    prestack: bool
    map: FoundMap
    others: tuple[LineGrid, ...] = ()
    undecided: ReadingError | None = None
