"""Showing the open survey as it is read in another way."""

from __future__ import annotations

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.rereading import check_rereadable
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.arrival import arrange_on_arrival, vertical_unit_in
from napari_hyperseg.viewer.overlays import as_layer
from napari_hyperseg.viewer.reader import project_layers
from napari_hyperseg.viewer.tags import tag_of
from napari_hyperseg.viewer.workspace import Workspace

RUNNING = "A job is running on this survey. Stop it before the file is read in another way."


def why_fixed(workspace: Workspace) -> str:
    """Return why the open survey cannot be read in another way; empty if it can."""
    if workspace.project is None or workspace.tag is None:
        return ""
    if workspace.project.read_only:
        return f"{workspace.project.folder.name} is {workspace.project.read_only}."
    if workspace.model.session.phase.running:
        return RUNNING
    if workspace.interpretation is not None:
        workspace.interpretation.flush()  # the files are looked at
    try:
        check_rereadable(workspace.project, workspace.tag.survey)
    except ProjectError as error:
        return str(error)
    return ""


def with_reading(workspace: Workspace, survey: Survey) -> None:
    """Put the open survey, read in another way, into its project and into the viewer.

    Parameters
    ----------
    workspace : Workspace
    survey : Survey
        The same file, read as is wanted.

    Raises
    ------
    ProjectError
        If something depends on how it is read now, or the project cannot be written; project
        and layers are then as they were.
    """
    project, tag, viewer = workspace.project, workspace.tag, workspace.viewer
    if project is None or tag is None:
        return
    if why := why_fixed(workspace):
        raise ProjectError(why)
    layers = [layer for layer in viewer.layers if (t := tag_of(layer)) and t.survey == tag.survey]
    for layer in layers:  # they map the labels, which are replaced
        viewer.layers.remove(layer)
    workspace.release(tag.survey)
    shown = tag.opened
    try:
        project.reread(tag.survey, survey)
        shown = survey
    finally:
        arrange_on_arrival(viewer)
        unit = vertical_unit_in(viewer)
        for layer in project_layers(project, tag.survey, shown, unit=unit):
            viewer.add_layer(as_layer(layer))
