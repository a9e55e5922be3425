"""The plugin's reader: the viewer's, with an opener for the window if there is one.

Imports Qt only where a window is open: without one, files are read at once.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import napari

from napari_hyperseg.viewer import reader
from napari_hyperseg.viewer.layers import LayerTuple
from napari_hyperseg.viewer.opening import AtOnce, Opener
from napari_hyperseg.viewer.reader import PathOrPaths


def get_reader(path: PathOrPaths) -> Callable[[PathOrPaths], list[LayerTuple]] | None:
    """Return `read` for what this plugin opens; cheap: looks at the name alone."""
    return read if reader.get_reader(path) else None


def read(path: PathOrPaths) -> list[LayerTuple]:
    """Return the layers of SEG-Y files or project folders.

    In a window its headers are read in a thread; what a file does not say is asked.

    Raises
    ------
    SurveyError
        If a SEG-Y file cannot be read.
    ProjectError
        If a project folder cannot be opened.
    """
    return reader.read(path, _opener())


def _opener() -> Opener:
    """Return the opener of the window on screen; the viewer's own without one."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    viewer = napari.current_viewer() if in_main_thread and "qtpy" in sys.modules else None
    if viewer is None:
        return AtOnce()
    from napari_hyperseg.qt.main_window import main_window
    from napari_hyperseg.qt.window_opener import WindowOpener

    window = main_window()
    return AtOnce() if window is None else WindowOpener(window, viewer.theme)
