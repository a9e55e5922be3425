"""Going where labels would help most: one key finds the line and shows it.

Owns when a search is out of date and what is said of a line; the search runs in a thread of
whoever listens to `asked`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from napari.utils.notifications import show_info
from psygnal import Signal

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.next_lines import NextLine
from napari_hyperseg.labels.painted_lines import LabelledLine
from napari_hyperseg.project.next_line import find_next_lines
from napari_hyperseg.viewer.line_rows import line_title
from napari_hyperseg.viewer.refusals import refusals_told

if TYPE_CHECKING:
    from napari_hyperseg.survey.geometry import Geometry
    from napari_hyperseg.viewer.workspace import Workspace

Found = tuple[NextLine, ...]
Search = Callable[[Callable[[], bool]], Found]
NO_SURVEY = "Open a survey first."
NOTHING_LEFT = "The prediction is sure everywhere: no line stands out."


class NextLines:
    """Finds the lines to label next, and goes from one to the other.

    Parameters
    ----------
    workspace : Workspace

    Attributes
    ----------
    asked : Signal(object)
        A search is to run in a thread, which takes "is it unwanted?" as its argument; `take` its
        result, or `give_up`.
    text : str
        What is said of the line that was shown last.
    """

    asked = Signal(object)

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._found: Found = ()
        self._made_for: object = None
        self._searching = False
        self.text = ""

    def go(self) -> None:
        """Show the line to label next; from there, with the same labels, the next best."""
        with refusals_told():
            after = self._after()
            if after is not None:
                self._show(after)
            elif not self._searching:
                search = self._search()
                self._searching = True
                self.asked.emit(search)

    def take(self, found: Found) -> None:
        """Take what was found, and show the first."""
        self._searching = False
        self._found, self._made_for = found, self._labels
        if found:
            self._show(0)
        else:
            self._tell(NOTHING_LEFT)

    def give_up(self, message: str) -> None:
        """Nothing was found, for this reason."""
        self._searching = False
        self._tell(message)

    def _search(self) -> Search:
        """Return what finds the lines; the prediction is looked at when it is called."""
        tag, project = self._workspace.tag, self._workspace.project
        if tag is None or project is None:
            raise ProjectError(NO_SURVEY)
        key, geometry = tag.survey, tag.geometry
        return lambda unwanted: find_next_lines(project, key, geometry, unwanted=unwanted)

    @property
    def _labels(self) -> object:
        """Which survey and edit there is; the same again means that nothing was labelled."""
        tag, interpretation = self._workspace.tag, self._workspace.interpretation
        return tag and tag.survey, interpretation and interpretation.position

    def _after(self) -> int | None:
        """Number of the line after the one on screen; None where a search has to tell."""
        place = self._workspace.navigation.place
        if self._made_for != self._labels:
            return None
        places = [line.place for line in self._found]
        at = places.index(place) if place in places else len(places)
        return at + 1 if at + 1 < len(places) else None

    def _show(self, number: int) -> None:
        geometry = self._workspace.geometry
        assert geometry is not None
        line = self._found[number]
        self._workspace.navigation.visit(line.place)
        self._tell(next_line_text(line, number, len(self._found), geometry))

    def _tell(self, text: str) -> None:
        self.text = text
        show_info(text)
        self._workspace.changed.emit()


def next_line_text(line: NextLine, number: int, count: int, geometry: Geometry) -> str:
    """Say why a line is worth labelling, such as "Inline 1033 (1 of 5): labels here ..."."""
    title = line_title(LabelledLine(line.axis, line.index, ()), geometry)
    share = f"{line.share:.0%}" if line.share >= 0.01 else "less than 1%"
    return (
        f"{title} ({number + 1} of {count}): labels here would settle about {share} of what is "
        "expected to be wrong."
    )
