"""Filling what lies between two horizons on the section in view.

Owns which horizons are meant and what is said; what lies between them is the labels layer's.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from napari_hyperseg.errors import LabelError, ProjectError
from napari_hyperseg.labels.between import BASE, TOP, Between, Surface, between
from napari_hyperseg.labels.targets import first_sample_below
from napari_hyperseg.viewer.edit_words import filled_text
from napari_hyperseg.viewer.open_section import OpenSection, open_section, why_fixed

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

UPPER, LOWER = "fill upper", "fill lower"  # settings of a project
TOP_NAME, BASE_NAME = "top of the survey", "base of the survey"
NO_CLASS = "Choose a class of the legend first."


class IntervalFill:
    """Fills between the horizons of the open survey.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def refusal(self) -> str:
        """Why the section in view cannot be filled; empty where it can."""
        return why_fixed(self._workspace)

    @property
    def names(self) -> list[str]:
        """The horizons there are, from top to bottom."""
        return [entry.name for entry in self._workspace.horizons.entries]

    @property
    def pair(self) -> tuple[str | None, str | None]:
        """The horizons between which was filled last; None: top, or base, of the survey."""
        names, project = self.names, self._workspace.project
        settings = project.settings if project is not None else {}
        upper, lower = settings.get(UPPER, ""), settings.get(LOWER, "")
        if {upper, lower} <= {*names, None}:
            return None if upper is None else str(upper), None if lower is None else str(lower)
        return (names[0], names[1]) if len(names) > 1 else (None, next(iter(names), None))

    def fill(self, upper: str | None, lower: str | None, *, replace: bool = False) -> str:
        """Give what lies between two horizons the chosen class; one edit.

        Parameters
        ----------
        upper, lower : str or None
            Names of horizons; None: the top, or the base, of the survey.
        replace : bool
            Also where there are labels.

        Returns
        -------
        str
            What was done, as a line for the user.

        Raises
        ------
        LabelError
            If nothing can be changed, no section is in view or no class is chosen.
        ProjectError
            If a horizon cannot be read.
        """
        view = open_section(self._workspace)
        code, name = self._class()
        found = self._between(view, upper, lower)
        facies, box = view.interpretation.facies, view.box
        before = facies[box.slices]
        where = found.voxels if replace else found.voxels & (before == 0)
        words = f"{name}, {upper or TOP_NAME} - {lower or BASE_NAME}, {view.title}"
        with view.interpretation.edit("Fill between", words):
            view.interpretation.paste(box.start, np.full_like(before, code), where)
        self._remember(upper, lower)
        voxels = int(np.count_nonzero(facies[box.slices] != before))
        return filled_text(voxels, view.title, name, found)

    def _class(self) -> tuple[int, str]:
        legend, code = self._workspace.legend, self._workspace.chosen_class
        if code is None or code not in legend.codes:
            raise LabelError(NO_CLASS)
        return code, legend[code].name

    def _between(self, view: OpenSection, upper: str | None, lower: str | None) -> Between:
        lines, samples = view.box.slices[:2], view.box.slices[2]
        geometry = view.survey.geometry
        above, below = self._surface(view, upper, TOP), self._surface(view, lower, BASE)
        numbers = np.arange(geometry.n_samples)[samples]
        return between(above, below, numbers, geometry.live_mask[lines])

    def _surface(self, view: OpenSection, name: str | None, edge: float) -> Surface:
        geometry, lines = view.survey.geometry, view.box.slices[:2]
        if name is None:
            return np.full(geometry.shape[:2], edge)[lines]
        times = self._workspace.horizons.grid(name)[lines]
        return first_sample_below(times.astype(np.float64), geometry)

    def _remember(self, upper: str | None, lower: str | None) -> None:
        project = self._workspace.project
        if project is None or self.pair == (upper, lower):
            return
        with suppress(ProjectError):  # it is a convenience; the labels are filled
            project.remember(UPPER, upper)
            project.remember(LOWER, lower)
