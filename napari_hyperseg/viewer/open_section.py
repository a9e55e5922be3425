"""The section in view as what an edit needs to know of it, and why it cannot be edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_hyperseg.errors import LabelError
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.readout import section_title
from napari_hyperseg.viewer.section_box import SectionBox
from napari_hyperseg.viewer.sections import Section

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

NO_SURVEY = "Open a survey first."
NO_SECTION = "Labels are edited on sections: choose Inline, Crossline or Slice first."


@dataclass(frozen=True)
class OpenSection:
    """A section of a survey whose labels can be changed.

    Parameters
    ----------
    interpretation : Interpretation
        Takes the edits.
    survey : Survey
    box : SectionBox
        Where it is.
    """

    interpretation: Interpretation
    survey: Survey
    box: SectionBox

    @property
    def section(self) -> Section:
        """Which axis is cut."""
        return self.box.section

    @property
    def title(self) -> str:
        """Its name: "Inline 1012"."""
        return section_title(self.survey, self.box.section, self.box.index)

    def at(self, index: int) -> OpenSection:
        """Return another section along the same axis."""
        box = SectionBox(self.box.shape, self.box.section, index)
        return OpenSection(self.interpretation, self.survey, box)


def why_fixed(workspace: Workspace) -> str:
    """Return why labels of what is in view cannot be edited; empty where they can."""
    interpretation = workspace.interpretation
    if interpretation is None:
        return NO_SURVEY
    if interpretation.read_only:
        return interpretation.facies.refusal
    return NO_SECTION if workspace.navigation.section is None else ""


def open_section(workspace: Workspace) -> OpenSection:
    """Return the section in view.

    Raises
    ------
    LabelError
        If its labels cannot be edited.
    """
    reason = why_fixed(workspace)
    interpretation, tag = workspace.interpretation, workspace.tag
    section, line = workspace.navigation.section, workspace.navigation.line
    if reason or interpretation is None or tag is None or section is None or line is None:
        raise LabelError(reason or NO_SURVEY)
    return OpenSection(interpretation, tag.opened, SectionBox(tag.geometry.shape, section, line))
