"""The picks of a horizon: what the interpreter said of it, trace by trace.

Two arrays in the project folder, edited like the facies labels: times, and of what kind each
pick is.  A seed is honoured exactly by every tracking; what was tracked from it can be tracked
again.  Owns what a horizon is, given its picks and its surface: see `over`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.picks import PickKind, picked_times, read_picks
from napari_hyperseg.survey.horizon_grids import Grid

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.interpretation import Interpretation

Indices = NDArray[np.intp]
TIMES, KINDS = "times", "kinds"


class Picks:
    """The picks of one horizon, open for editing.

    Parameters
    ----------
    interpretation : Interpretation
    stem : str
        Of the horizon's files.
    """

    def __init__(self, interpretation: Interpretation, stem: str) -> None:
        self._interpretation = interpretation
        self._times, self._kinds = f"{TIMES}/{stem}", f"{KINDS}/{stem}"

    @property
    def times(self) -> Grid:
        """In the survey's vertical unit, shape (n_inlines, n_crosslines); NaN: no pick."""
        return picked_times(self._interpretation.values(self._times), self.kinds)

    @property
    def kinds(self) -> NDArray[np.uint8]:
        """A `PickKind` for each trace."""
        return np.array(self._interpretation.values(self._kinds))

    def put(
        self, i: Indices, j: Indices, times: NDArray[np.floating], kind: PickKind | NDArray
    ) -> None:
        """Pick traces, instead of what was picked there; part of an edit.

        Parameters
        ----------
        i, j : ndarray of int, shape (n,)
            The traces.
        times : ndarray of float, shape (n,)
            In the survey's vertical unit; NaN takes the pick away, or says with the kind
            `ERASED` that there is no horizon.
        kind : PickKind or ndarray of int, shape (n,)
        """
        if not len(i):
            return
        times = np.broadcast_to(np.asarray(times, np.float32), np.shape(i))
        erased = np.asarray(kind) == PickKind.ERASED
        there = np.isfinite(times) & ~erased
        kinds = np.where(there | erased, kind, PickKind.NONE)
        with self._interpretation.edit_in_hand():
            self._interpretation.scatter(self._times, (i, j), np.where(there, times, 0))
            self._interpretation.scatter(self._kinds, (i, j), kinds.astype(np.uint8))

    def erase(self, i: Indices, j: Indices) -> None:
        """Say that there is no horizon on these traces; part of an edit."""
        self.put(i, j, np.full(len(i), np.nan), PickKind.ERASED)

    def forget_erased(self, where: NDArray[np.bool_]) -> None:
        """Let the surface count again where it was erased; part of an edit.

        Parameters
        ----------
        where : ndarray of bool, shape (n_inlines, n_crosslines)
        """
        i, j = np.nonzero(where & (self.kinds == PickKind.ERASED))
        self.put(i, j, np.full(len(i), np.nan), PickKind.NONE)


def picked_stems(targets: Iterable[str]) -> set[str]:
    """Stems of the horizons whose picks an edit of these arrays changed."""
    parts = (target.partition("/") for target in targets)
    return {stem for kind, _, stem in parts if kind in (TIMES, KINDS)}


def over(surface: Grid, times: Grid, kinds: NDArray[np.uint8]) -> Grid:
    """Return a horizon: its picks, its surface where nothing is said, NaN where it is erased."""
    return np.where(kinds == PickKind.NONE, surface, picked_times(times, kinds))


def stored_picks(project: Project, key: str, stem: str) -> tuple[Grid, NDArray[np.uint8]] | None:
    """Read times and kinds of a horizon's picks from its files; None where there are none.

    Raises
    ------
    LabelError
        If a file is damaged.
    """
    times, kinds = (project.picks_path(key, stem, kind) for kind in (TIMES, KINDS))
    return read_picks(times, kinds, project.entry(key).shape[:2])
