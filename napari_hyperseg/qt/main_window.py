"""Finding the main window that a person looks at, or is about to."""

from __future__ import annotations

import sys
from pathlib import Path

from qtpy.QtWidgets import QApplication, QMainWindow, QWidget


def main_window() -> QWidget | None:
    """Return the main window in front, else any that is on screen; None if there is none.

    ``napari FILE`` reads its files first and shows its window then: it counts as on screen.  The
    hidden window of a program does not, for nobody is there to answer a question.
    """
    active = QApplication.activeWindow()
    if isinstance(active, QMainWindow):
        return active
    widgets = QApplication.topLevelWidgets() if QApplication.instance() is not None else []
    windows = [widget for widget in widgets if isinstance(widget, QMainWindow)]
    shown = [window for window in windows if window.isVisible() or _is_command(sys.argv[0])]
    return shown[-1] if shown else None


def _is_command(program: str) -> bool:
    """Tell whether a program is napari's command, or ``python -m napari``."""
    path = Path(program)
    return path.stem == "napari" or path.parts[-2:] == ("napari", "__main__.py")
