"""``hyperseg open``: the project in a napari window.

Knows napari's public interface only: the plugin's manifest says which code reads the folder
and makes the dock.
"""

from __future__ import annotations

from napari_hyperseg.cli.options import ProjectFolder

PLUGIN = "napari-hyperseg"
DOCK = "hyperseg"


def open_window(project: ProjectFolder) -> None:
    """Open a project in napari, with the dock to label, train and look."""
    from napari_hyperseg.errors import ProjectError
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.places import SUFFIX

    folder = Project.open(project).folder
    if folder.suffix != SUFFIX:
        raise ProjectError(f"napari opens folders called NAME{SUFFIX}: rename {folder.name}.")

    import napari

    viewer = napari.Viewer()
    viewer.window.add_plugin_dock_widget(PLUGIN, DOCK)
    viewer.open(folder, plugin=PLUGIN)
    napari.run()
