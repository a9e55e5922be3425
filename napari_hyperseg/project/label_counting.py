"""What the labels of the open survey amount to: voxels of each class, and the labelled lines.

Owns the counts while a survey is open.  Edits that are handed over are counted by their boxes;
without them, the labels are read again.  So they are after edits that were begun before the last
reading had ended: it may have seen a part of them.  Picks are few, and read every time.  Works in
one thread, whichever; knows no window.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.counts import Edit, LabelCounts
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.painted_lines import LabelledLine, list_lines
from napari_hyperseg.labels.picked_lines import with_picks
from napari_hyperseg.labels.slice_strokes import SliceStrokes
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.training_horizons import labelled_codes, picked_horizons, survey_picks

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CountedLabels:
    """What the labels of a survey amount to.

    Parameters
    ----------
    totals : tuple of (int, int)
        Codes that occur, and their voxels.
    lines : tuple of LabelledLine
        The inlines, crosslines and time slices that are painted or picked, in this order.
    holding : ndarray of bool, shape (n_inlines, n_crosslines), or None
        Traces that hold any label.
    enough_besides : bool
        Whether labels of other surveys, or picks, are enough to train.
    parting : tuple of str
        Picked horizons that part the classes, from top to bottom, where no two are painted.
    """

    totals: tuple[tuple[int, int], ...] = ()
    lines: tuple[LabelledLine, ...] = ()
    holding: NDArray[np.bool_] | None = field(default=None, compare=False)
    enough_besides: bool = False
    parting: tuple[str, ...] = ()


class LabelCounting:
    """Counts the labels of one survey at a time."""

    def __init__(self) -> None:
        self._survey: tuple[Project, str] | None = None

    def count(
        self, project: Project, survey: str, edits: Sequence[Edit] | None = None
    ) -> CountedLabels:
        """Count the labels that are on disk.

        Parameters
        ----------
        project : Project
        survey : str
            Key of the survey.
        edits : sequence of Edit, optional
            Everything that changed since the last count, in its order; None: not known.

        Raises
        ------
        LabelError, OSError
            If the labels cannot be read or written.
        """
        found = CountedLabels()
        if project.labels_path(survey).exists():
            found = self._counted(project, survey, edits)
        picks = survey_picks(project, survey).items()
        picked = {name: np.isfinite(times) for name, times in picks}
        found = replace(found, lines=with_picks(found.lines, picked))
        return found if len(found.totals) > 1 else _with_besides(project, found)

    def _counted(
        self, project: Project, survey: str, edits: Sequence[Edit] | None
    ) -> CountedLabels:
        known = self._survey == (project, survey)
        if not known or edits is None or not self._taken_in(edits):
            self._read(project, survey)
        self._strokes.refresh(self._counts.holding)
        totals = tuple(self._counts.totals().items())
        lines = list_lines(self._counts, self._strokes)
        return CountedLabels(totals, lines, self._counts.holding)

    def _read(self, project: Project, survey: str) -> None:
        self._survey = None
        self._labels: FaciesLabels = project.labels(survey, writable=False)
        self._counts = LabelCounts.scan(self._labels)
        self._strokes = SliceStrokes(self._labels.codes)
        self._strokes.edited(0, self._labels.shape[0] - 1)
        self._survey, self._read_s = (project, survey), time.monotonic()

    def _taken_in(self, edits: Sequence[Edit]) -> bool:
        """Count the boxes of edits; False if they may not be edits of what was counted."""
        if any(edit.begun_s <= self._read_s for edit in edits):
            return False
        try:
            for edit in edits:
                self._counts.update(edit.start, edit.before, edit.after)
                self._strokes.edited(edit.start[0], edit.start[0] + len(edit.after) - 1)
        except LabelError:
            logger.exception("Labels are counted again")
            return False
        return True


def _with_besides(project: Project, found: CountedLabels) -> CountedLabels:
    """Say what else there is to train on."""
    if len(labelled_codes(project)) > 1:
        return replace(found, enough_besides=True)
    parting = tuple(picked_horizons(project))
    return replace(found, enough_besides=bool(parting), parting=parting)
