"""Edits of the whole section in view: filling between two horizons, copying to another line.

Owns which box of the labels is meant, that each is one edit, and what is said of it.  What is
filled and how labels move is the labels layer's.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError, ProjectError
from napari_hyperseg.labels.between import BASE, TOP, Between, Surface, between
from napari_hyperseg.labels.following import following_shifts
from napari_hyperseg.labels.shifting import shifted
from napari_hyperseg.labels.targets import first_sample_below
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.viewer.edit_words import copied_text, filled_text
from napari_hyperseg.viewer.layer_tools import NO_SURVEY
from napari_hyperseg.viewer.readout import section_title
from napari_hyperseg.viewer.section_box import SectionBox
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Tag

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

UPPER, LOWER = "fill upper", "fill lower"  # settings of a project
TOP_NAME, BASE_NAME = "top of the survey", "base of the survey"
NO_SECTION = "This works on a section: choose Inline, Crossline or Slice first."
NO_CLASS = "Choose a class of the legend first."


@dataclass(frozen=True)
class CopyOptions:
    """How labels are copied to another line.

    Parameters
    ----------
    lines : int
        How many lines further.
    shift : float
        By how much they move down there, in the survey's vertical unit.
    follow : bool
        Move them as the seismic does, trace by trace, instead.
    replace : bool
        Put them in the place of labels that are there; otherwise these stay.
    """

    lines: int = 1
    shift: float = 0.0
    follow: bool = False
    replace: bool = False


class SectionEdits:
    """Fills and copies labels of the section in view.

    Parameters
    ----------
    workspace : Workspace
        What is open.

    Attributes
    ----------
    options : CopyOptions
        For the next copy.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.options = CopyOptions()

    @property
    def refusal(self) -> str:
        """Why the section in view cannot be edited; empty where it can."""
        interpretation = self._workspace.interpretation
        if interpretation is None:
            return NO_SURVEY
        if interpretation.read_only:
            return interpretation.facies.refusal
        return NO_SECTION if self._workspace.section is None else ""

    @property
    def pair(self) -> tuple[str | None, str | None]:
        """The horizons between which was filled last; None: top, or base, of the survey."""
        names = [entry.name for entry in self._workspace.horizons.entries]
        settings = self._workspace.project.settings if self._workspace.project else {}
        upper, lower = settings.get(UPPER, ""), settings.get(LOWER, "")
        if {upper, lower} <= {*names, None}:
            return None if upper is None else str(upper), None if lower is None else str(lower)
        return (names[0], names[1]) if len(names) > 1 else (None, next(iter(names), None))

    def fill_between(self, upper: str | None, lower: str | None, *, replace: bool = False) -> str:
        """Give what lies between two horizons on the section in view the chosen class.

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
        interpretation, tag, box = self._open()
        name = self._class_name()
        code = self._workspace.chosen_class
        found = self._between(tag, box, upper, lower)
        codes = interpretation.facies[box.slices]
        where = found.voxels if replace else found.voxels & (codes == 0)
        names = f"{upper or TOP_NAME} - {lower or BASE_NAME}"
        title = section_title(tag.geometry, box.section, box.index)
        with interpretation.edit("Fill between", f"{name}, {names}, {title}"):
            interpretation.paste(box.start, np.full_like(codes, code), where)
        self._remember(upper, lower)
        voxels = np.count_nonzero(interpretation.facies[box.slices] != codes)
        return filled_text(int(voxels), title, name, found)

    def copy_on(self, direction: int) -> str:
        """Copy the labels of the section in view some lines on, as `options` say, and go there.

        Parameters
        ----------
        direction : int
            1: to larger indices, -1: to smaller ones.

        Returns
        -------
        str
            What was done, as a line for the user.

        Raises
        ------
        LabelError
            If nothing can be changed, there are no labels, or there is no such line.
        """
        interpretation, tag, box = self._open()
        target = self._target(tag, box, direction)
        titles = [section_title(tag.geometry, box.section, one.index) for one in (box, target)]
        codes = box.flat(interpretation.facies[box.slices])
        if not codes.any():
            raise LabelError(f"{titles[0]} has no labels to copy.")
        shifts = self._shifts(tag, box, target, codes)
        moved = codes if shifts is None else shifted(codes, shifts)
        there = interpretation.facies[target.slices]
        where = (target.cube(moved) > 0) & target.live(tag.geometry)
        where &= np.bool_(self.options.replace) | (there == 0)
        with interpretation.edit("Copy", f"{titles[0]} to {titles[1]}"):
            interpretation.paste(target.start, target.cube(moved), where)
        self._workspace.go_to(target.index)
        voxels = np.count_nonzero(interpretation.facies[target.slices] != there)
        return copied_text(int(voxels), titles[0], titles[1], shifts, tag.geometry)

    def _open(self) -> tuple[Interpretation, Tag, SectionBox]:
        if self.refusal:
            raise LabelError(self.refusal)
        interpretation, tag = self._workspace.interpretation, self._workspace.tag
        section, line = self._workspace.section, self._workspace.line
        assert interpretation is not None
        assert tag is not None
        assert section is not None
        assert line is not None
        return interpretation, tag, SectionBox(tag.geometry.shape, section, line)

    def _class_name(self) -> str:
        legend, code = self._workspace.legend, self._workspace.chosen_class
        if code not in legend.codes:
            raise LabelError(NO_CLASS)
        assert code is not None
        return legend[code].name

    def _between(self, tag: Tag, box: SectionBox, upper: str | None, lower: str | None) -> Between:
        surfaces = [
            self._surface(tag, box, name, edge) for name, edge in ((upper, TOP), (lower, BASE))
        ]
        samples = np.arange(tag.geometry.n_samples)[box.slices[2]]
        live = tag.geometry.live_mask[box.slices[:2]]
        return between(surfaces[0], surfaces[1], samples, live)

    def _surface(self, tag: Tag, box: SectionBox, name: str | None, edge: float) -> Surface:
        if name is None:
            return np.full(tag.geometry.shape[:2], edge)[box.slices[:2]]
        times = self._workspace.horizons.grid(name)[box.slices[:2]]
        return first_sample_below(times.astype(np.float64), tag.geometry)

    def _target(self, tag: Tag, box: SectionBox, direction: int) -> SectionBox:
        target, n_lines = (
            box.index + direction * self.options.lines,
            tag.geometry.shape[box.section],
        )
        if not 0 <= target < n_lines:
            end = section_title(tag.geometry, box.section, n_lines - 1 if direction > 0 else 0)
            raise LabelError(f"There is no line so far on: {end} is the last one that way.")
        return SectionBox(box.shape, box.section, target)

    def _shifts(
        self, tag: Tag, box: SectionBox, target: SectionBox, codes: NDArray[np.uint8]
    ) -> NDArray[np.intp] | None:
        """Return how far each trace's labels move down; None: nothing moves on a time slice."""
        if box.section is Section.TIME_SLICE:
            return None
        if self.options.follow:
            step = 1 if target.index > box.index else -1
            lines = range(box.index, target.index + step, step)
            boxes = [SectionBox(box.shape, box.section, line) for line in lines]
            volume = tag.opened.volume
            return following_shifts([one.flat(volume[one.slices]) for one in boxes], codes)
        samples = round(self.options.shift / tag.geometry.sample_interval_ms)
        return np.full(len(codes), samples, np.intp)

    def _remember(self, upper: str | None, lower: str | None) -> None:
        project = self._workspace.project
        assert project is not None
        for setting, name in ((UPPER, upper), (LOWER, lower)):
            if setting not in project.settings or project.settings[setting] != name:
                with suppress(ProjectError):  # it is a convenience; the labels are filled
                    project.remember(setting, name)
