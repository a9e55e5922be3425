"""Moving through the survey that is open: from section to section, and to labelled lines.

Owns what "next" means, and the size of a step and the last section of each survey, which the
project remembers.  Which key or button asks for it is in `keys` and in the window.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from napari.components import ViewerModel
from napari.layers import Layer
from napari.utils.notifications import show_info
from psygnal import Signal

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.painted_lines import LabelledLine
from napari_hyperseg.project.folder import Project
from napari_hyperseg.viewer.sections import (
    Section,
    go_to,
    line_index,
    show_section,
    show_volume,
    shown_section,
)
from napari_hyperseg.viewer.timing import Wrap, at_once

LEAST_STEP, LARGEST_STEP, DEFAULT_STEP = 1, 1000, 10
STEP_SETTING = "line step"  # of a project
PLACE_SETTING = "section of {}"  # and of each survey: its axis and its index
_PLACE = re.compile(r"([012]) (\d{1,9})")
NO_LABELLED_LINE = (
    "No line is labelled yet: choose a class and paint it on a section, or pick a horizon there."
)
NO_LINE_IN_3D = "There is no line to choose in 3D: show a section first."


logger = logging.getLogger(__name__)


class Navigation:
    """Where the viewer is in the survey that is open, and where it goes.

    Parameters
    ----------
    viewer : ViewerModel
    labelled : callable
        Returns the labelled lines in the order of the list.
    save_soon : callable
        Wraps a call so that it runs once, a moment after the last of several.

    Attributes
    ----------
    line_asked : Signal()
        The user wants to type the number of a line.
    """

    line_asked = Signal()

    def __init__(
        self,
        viewer: ViewerModel,
        labelled: Callable[[], Sequence[LabelledLine]],
        save_soon: Wrap = at_once,
    ) -> None:
        self._viewer, self._labelled = viewer, labelled
        self._layer: Layer | None = None
        self._project: Project | None = None
        self._last: tuple[int, int] | None = None
        self._save_soon = save_soon(self._save)

    def follow(self, layer: Layer | None, project: Project | None) -> None:
        """Turn to a survey by its amplitudes, and to its project; None: to none."""
        self._layer, self._project, self._last = layer, project, None

    @property
    def section(self) -> Section | None:
        """The section on screen; None in 3D or without a survey."""
        return shown_section(self._viewer) if self._layer is not None else None

    @property
    def line(self) -> int | None:
        """Array index of the section on screen."""
        section = self.section
        if self._layer is None or section is None:
            return None
        return line_index(self._viewer, self._layer, section)

    @property
    def place(self) -> tuple[int, int] | None:
        """Axis and index of the section on screen, as `LabelledLine.place`."""
        section, line = self.section, self.line
        return None if section is None or line is None else (section.value, line)

    @property
    def step(self) -> int:
        """How many lines a step is."""
        step = self._project.settings.get(STEP_SETTING) if self._project else None
        known = isinstance(step, int) and LEAST_STEP <= step <= LARGEST_STEP
        return int(step) if known and step is not None else DEFAULT_STEP

    def notice(self) -> None:
        """Take in which section is on screen; a window that closes has no layers any more."""
        if self._layer is not None and self._layer in self._viewer.layers:
            self._last = self.place or self._last

    def leave(self, survey: str) -> None:
        """Let the project remember the section of a survey that was on screen last."""
        self.notice()
        place = self._last
        if self._project is None or self._project.read_only or place is None:
            return
        setting, value = PLACE_SETTING.format(survey), "{} {}".format(*place)
        if self._project.settings.get(setting) == value:
            return
        try:
            self._project.remember(setting, value)
        except ProjectError as error:
            logger.warning("The section on screen is not remembered: %s", error)

    def come_back(self, survey: str) -> None:
        """Show the section of a survey that was left, if there is one."""
        known = self._project.settings.get(PLACE_SETTING.format(survey)) if self._project else None
        place = _PLACE.fullmatch(str(known))
        if place is not None and self._layer is not None:
            axis, index = map(int, place.groups())
            if index < self._layer.data.shape[axis]:
                self.visit((axis, index))

    def choose_step(self, step: int) -> None:
        """Make a step so many lines; the project remembers it."""
        if self._project is not None and step != self.step:
            self._project.settings[STEP_SETTING] = step
            self._save_soon()

    def show(self, section: Section) -> None:
        """Cut the survey along another axis."""
        if self._layer is not None:
            show_section(self._viewer, section)

    def show_volume(self) -> None:
        """Show the survey in 3D."""
        if self._layer is not None:
            show_volume(self._viewer)

    def go_to(self, index: int) -> None:
        """Show the section with this array index."""
        section = self.section
        if self._layer is not None and section is not None:
            go_to(self._viewer, self._layer, section, index)

    def visit(self, place: tuple[int, int]) -> None:
        """Show the section that cuts this axis at this index."""
        section, index = Section(place[0]), place[1]
        if section is not self.section:
            self.show(section)
        self.go_to(index)

    def move(self, n_lines: int) -> None:
        """Go on by some lines, or back; at most to the last, or the first."""
        line, section = self.line, self.section
        if self._layer is not None and line is not None and section is not None:
            last = self._layer.data.shape[section] - 1
            self.go_to(min(max(line + n_lines, 0), last))

    def next_line(self) -> None:
        """Show the next line."""
        self.move(1)

    def previous_line(self) -> None:
        """Show the line before."""
        self.move(-1)

    def step_on(self) -> None:
        """Go on by a step."""
        self.move(self.step)

    def step_back(self) -> None:
        """Go back by a step."""
        self.move(-self.step)

    def next_labelled(self) -> None:
        """Show the labelled line that comes next in the list; after the last, the first."""
        places = self._places()
        if places:
            at = bisect_right(places, self.place) if self.place is not None else 0
            self.visit(places[at % len(places)])

    def previous_labelled(self) -> None:
        """Show the labelled line before this one in the list; before the first, the last."""
        places = self._places()
        if places:
            at = bisect_left(places, self.place) if self.place is not None else 0
            self.visit(places[at - 1])

    def ask_line(self) -> None:
        """Let the user type the number of a line."""
        if self._layer is not None and self.section is None:
            show_info(NO_LINE_IN_3D)
        elif self._layer is not None:
            self.line_asked.emit()

    def _places(self) -> list[tuple[int, int]]:
        places = [line.place for line in self._labelled()]
        if not places and self._layer is not None:
            show_info(NO_LABELLED_LINE)
        return places

    def _save(self) -> None:
        if self._project is not None:
            self._project.save()
