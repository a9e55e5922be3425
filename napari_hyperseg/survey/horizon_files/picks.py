"""A horizon as read, and what a user says of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.horizon_files.content import Columns
from napari_hyperseg.survey.horizon_files.guessing import ColumnGuess
from napari_hyperseg.survey.horizon_files.vertical import Unit, VerticalScale


@dataclass(frozen=True)
class HorizonChoice:
    """What the user says of a file; None: judged from its content.

    Parameters
    ----------
    format_name : str or None
        Name of one of `formats.FORMATS`.
    columns : Columns or None
        Which column is what.
    unit : {"ms", "s", "m", "ft"} or None
        Unit of z.
    sign : {1, -1} or None
        -1 where z counts upwards.
    undefined : float or None
        Value that means undefined, besides the usual ones.
    """

    format_name: str | None = None
    columns: Columns | None = None
    unit: Unit | None = None
    sign: Literal[1, -1] | None = None
    undefined: float | None = None


@dataclass(frozen=True, eq=False)
class HorizonPicks:
    """A horizon on a survey's grid.

    Parameters
    ----------
    values : ndarray of float64, shape (n_inlines, n_crosslines)
        In the survey's vertical unit, downwards; NaN where absent.
    format_name : str
        Format of the file.
    guess : ColumnGuess or None
        Which column was what; None for grids.
    scale : VerticalScale
        Unit and sign of the file.
    n_inside, n_outside : int
        Defined picks (nodes of a grid) on live traces, and elsewhere.
    warnings : tuple of str
        A sentence for everything that was ambiguous.
    """

    values: NDArray[np.float64]
    format_name: str
    guess: ColumnGuess | None
    scale: VerticalScale
    n_inside: int
    n_outside: int
    warnings: tuple[str, ...]
