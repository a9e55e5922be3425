"""Copying the labels of the section in view to another line, and going there.

Owns which lines are meant, the keys, and what is said; how labels move and how they follow the
seismic is the labels layer's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from app_model.types import KeyCode, KeyMod
from napari.components import ViewerModel
from numpy.typing import NDArray
from psygnal import Signal

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.following import following_shifts
from napari_hyperseg.labels.shifting import shifted
from napari_hyperseg.viewer.edit_words import copied_text
from napari_hyperseg.viewer.open_section import OpenSection, open_section
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.sections import Section

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

MOST_LINES = 1000
LARGEST_SHIFT = 10_000.0  # in the survey's vertical unit
KEYS = {1: KeyMod.CtrlCmd | KeyCode.RightArrow, -1: KeyMod.CtrlCmd | KeyCode.LeftArrow}
KEY_TEXTS = {1: "Ctrl+Right", -1: "Ctrl+Left"}


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


class LineCopy:
    """Copies labels from line to line of the open survey.

    Parameters
    ----------
    workspace : Workspace
        What is open.

    Attributes
    ----------
    options : CopyOptions
        For the next copy.
    said : str
        What the last press did, as a line for the user; empty where nothing.
    changed : Signal()
        Something else is said.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.options = CopyOptions()
        self.said = ""
        for direction, key in KEYS.items():
            workspace.viewer.bind_key(key, self._presser(direction), overwrite=True)

    def close(self) -> None:
        """Give the keys back."""
        for key in KEYS.values():
            self._workspace.viewer.bind_key(key, None)

    def target(self, direction: int) -> tuple[str, str]:
        """Return the name of the line that would be copied to, and why it cannot be."""
        try:
            return self._target(open_section(self._workspace), direction).title, ""
        except LabelError as error:
            return "", str(error)

    def press(self, direction: int) -> None:
        """Copy, and say what was done or why it was not."""
        self.said = ""
        with refusals_told():
            self.said = self._workspace.viewer.status = self.copy_on(direction)
        self.changed.emit()

    def copy_on(self, direction: int) -> str:
        """Copy the labels of the section in view as `options` say, and go there; one edit.

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
        view = open_section(self._workspace)
        target = self._target(view, direction)
        codes = view.box.flat(view.interpretation.facies[view.box.slices])
        if not codes.any():
            raise LabelError(f"{view.title} has no labels to copy.")
        shifts = self._shifts(view, target, codes)
        voxels = self._paste(view, target, codes if shifts is None else shifted(codes, shifts))
        self._workspace.navigation.go_to(target.box.index)
        return copied_text(voxels, view.title, target.title, shifts, view.survey.geometry)

    def _target(self, view: OpenSection, direction: int) -> OpenSection:
        index, last = view.box.index + direction * self.options.lines, view.box.n_lines - 1
        if not 0 <= index <= last:
            end = view.at(last if direction > 0 else 0).title
            raise LabelError(f"There is no line so far on: {end} is the last one that way.")
        return view.at(index)

    def _shifts(
        self, view: OpenSection, target: OpenSection, codes: NDArray[np.uint8]
    ) -> NDArray[np.intp] | None:
        """Return how far each trace's labels move down; None: nothing moves on a time slice."""
        if view.section is Section.TIME_SLICE:
            return None
        if not self.options.follow:
            interval = view.survey.geometry.sample_interval_ms
            return np.full(len(codes), round(self.options.shift / interval), np.intp)
        step = 1 if target.box.index > view.box.index else -1
        lines = range(view.box.index, target.box.index + step, step)
        boxes = [view.at(line).box for line in lines]
        return following_shifts([box.flat(view.survey.volume[box.slices]) for box in boxes], codes)

    def _paste(self, view: OpenSection, target: OpenSection, codes: NDArray[np.uint8]) -> int:
        """Put the codes of a section there; returns how many voxels changed."""
        box, facies = target.box, target.interpretation.facies
        before, cube = facies[box.slices], box.cube(codes)
        where = (cube > 0) & box.live(target.survey.geometry)
        if not self.options.replace:
            where &= before == 0
        with target.interpretation.edit("Copy", f"{view.title} to {target.title}"):
            target.interpretation.paste(box.start, cube, where)
        return int(np.count_nonzero(facies[box.slices] != before))

    def _presser(self, direction: int) -> Callable[[ViewerModel], None]:
        def copy_labels(viewer: ViewerModel) -> None:
            self.press(direction)

        way = "next" if direction > 0 else "previous"
        copy_labels.__doc__ = f"Copy the labels of the section to the {way} line"
        return copy_labels
