"""What a file of wells holds, and what a user says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from napari_hyperseg.survey.horizon_files.vertical import Unit


@dataclass(frozen=True, slots=True)
class WellInterval:
    """A stretch of one facies.

    Parameters
    ----------
    top, base : float
        In the survey's vertical unit, downwards.
    facies : str or int
        Name of a class, or its code.
    """

    top: float
    base: float
    facies: str | int


@dataclass(frozen=True, eq=False)
class Well:
    """A vertical well.

    Parameters
    ----------
    name : str
        What the file calls it.
    i, j : float
        Indices of its place among the traces, fractional between them.
    intervals : tuple of WellInterval
        From top to bottom, not overlapping.
    """

    name: str
    i: float
    j: float
    intervals: tuple[WellInterval, ...]


@dataclass(frozen=True)
class WellChoice:
    """What the user says of a file; what is not said is judged from its header.

    Parameters
    ----------
    unit : {"ms", "s", "m", "ft"} or None
        Of tops and bases.
    columns : mapping of str to str
        Header name, or number from 1, of the column that has a role of `columns.ROLES`.
    """

    unit: Unit | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class WellFile:
    """Wells that were read.

    Parameters
    ----------
    wells : tuple of Well
        Those that lie on the survey, in the order of the file.
    classes : tuple of str or int
        Names and codes of their facies, from top to bottom as far as the wells agree.
    n_wells : int
        How many the file has.
    notes : tuple of str
        What is not sure, and what is left out and why; a line each.
    """

    wells: tuple[Well, ...]
    classes: tuple[str | int, ...]
    n_wells: int
    notes: tuple[str, ...] = ()
