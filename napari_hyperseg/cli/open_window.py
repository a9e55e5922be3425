"""``hyperseg open``: the project in a napari window.

Knows napari's public interface only: the plugin's manifest says which code reads the folder
and makes the dock.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari_hyperseg.cli.options import ProjectFolder
from napari_hyperseg.errors import HypersegError, ProjectError

if TYPE_CHECKING:
    import napari

PLUGIN = "napari-hyperseg"
DOCK = "hyperseg"


def open_window(project: ProjectFolder) -> None:
    """Open a project in napari, with the dock to label, train and look."""
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.places import SUFFIX

    opened = Project.open(project)
    if opened.folder.suffix != SUFFIX:
        raise ProjectError(f"napari opens folders called NAME{SUFFIX}: rename {project}.")
    for key in opened.surveys:
        opened.open_survey(key)
    require_display()

    import napari

    window_of(opened.folder)
    napari.run()


def window_of(folder: Path) -> tuple[napari.Viewer, Any]:
    """Open a napari window with a project and the dock.

    Parameters
    ----------
    folder : Path
        The project, called ``NAME.hyperseg``.

    Returns
    -------
    viewer : napari.Viewer
        Its window is open, and not yet alive: the event loop is the caller's.
    dock : HypersegDock
        ``train()`` presses its button; ``model`` is the session.
    """
    import napari

    viewer = napari.Viewer()
    viewer.open(folder, plugin=PLUGIN)
    _, dock = viewer.window.add_plugin_dock_widget(PLUGIN, DOCK)
    return viewer, dock


def require_display() -> None:
    """Say that there is no display before Qt ends the process over it.

    Raises
    ------
    HypersegError
        If Qt would find none.
    """
    where = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, where)):
        raise HypersegError("There is no display for a window. Set DISPLAY, or use xvfb-run.")
