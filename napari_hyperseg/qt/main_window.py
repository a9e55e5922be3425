"""Finding the main window on screen."""

from __future__ import annotations

from qtpy.QtWidgets import QApplication, QMainWindow, QWidget


def main_window() -> QWidget | None:
    """Return the main window in front, else any that is on screen; None if there is none."""
    active = QApplication.activeWindow()
    if isinstance(active, QMainWindow):
        return active
    windows = QApplication.topLevelWidgets() if QApplication.instance() is not None else []
    shown = (window for window in windows if isinstance(window, QMainWindow) and window.isVisible())
    return next(shown, None)
