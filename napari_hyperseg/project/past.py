"""A survey's labels, picks and record as they were after any revision, to be looked at.

Owns the way from state to state; each is kept as what differs from the present.  Nothing is
written: neither to the disk nor to the history, so that nothing has changed if the process dies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.editing.editable import slices
from napari_hyperseg.labels.editing.past import PastVolume
from napari_hyperseg.labels.editing.patch import Note, Patch
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import FACIES, Interpretation
from napari_hyperseg.project.noted import record_with

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

REASON = "shown as it was"


class Past:
    """What a survey was after a revision, at first after the present one.

    Parameters
    ----------
    interpretation : Interpretation
        Must not be changed meanwhile; see `Interpretation.suspend`.

    Attributes
    ----------
    number : int
        The revision.
    facies : LabelVolume
        The labels after it; cannot be written.
    """

    def __init__(self, interpretation: Interpretation) -> None:
        self._interpretation = interpretation
        self.number = interpretation.position
        self.facies = PastVolume(interpretation.facies)
        self._arrays: dict[str, NDArray] = {}
        self._notes: dict[str, Any] = {}

    def move(self, number: int) -> frozenset[str]:
        """Go to the state after another revision.

        Returns
        -------
        frozenset of str
            Arrays and parts of the record that may be others now.

        Raises
        ------
        LabelError
            If the way there is no longer kept, or is damaged.
        """
        changes = self._interpretation.way_to(number, self.number)
        for change in changes:
            if isinstance(change, Note):
                self._notes[change.target] = change.after
            elif change.target == FACIES:
                self.facies.put(change)
            else:
                self._put(change)
        self.facies.forget_empty()
        self.number = number
        return frozenset(change.target for change in changes)

    @property
    def project(self) -> Project:
        """The project as it was, which cannot be saved."""
        present = self._interpretation.project
        return record_with(present, self._interpretation.key, self._notes, REASON)

    @property
    def horizons(self) -> Horizons:
        """The horizons as they were."""
        # It asks for values, and nobody can change them: `note` and `edit` refuse.
        source = cast("Interpretation", self)
        return Horizons(self.project, self._interpretation.key, source)

    def values(self, target: str) -> NDArray:
        """Return an array of picks as it was.

        Raises
        ------
        LabelError
            If there is no such array.
        """
        if target in self._arrays:
            return self._arrays[target]
        return self._interpretation.values(target)

    def note(self, target: str, change: Callable[[], None]) -> None:
        """Refuse any change.

        Raises
        ------
        LabelError
            Always.
        """
        raise LabelError(f"Nothing can be changed: the project is {REASON}.")

    def _put(self, patch: Patch) -> None:
        if patch.target not in self._arrays:
            self._arrays[patch.target] = np.array(self._interpretation.values(patch.target))
        self._arrays[patch.target][slices(patch.box)] = patch.outcome()
