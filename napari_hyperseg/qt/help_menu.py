"""The Help menu: the tutorial, the first steps, and whatever else explains the window."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtWidgets import QMenu, QPushButton, QWidget

from napari_hyperseg.qt.help_dialog import HelpDialog


class HelpMenu(QMenu):
    """Entries that explain something; `add` puts another one at the end.

    Parameters
    ----------
    first_steps : callable
        Shows the hint of the first time again.
    parent : QWidget
        The dock.
    """

    def __init__(self, first_steps: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._dock = parent
        self.dialog: HelpDialog | None = None
        self.add("Tutorial", self.show_tutorial)
        self.add("First steps", first_steps)

    def add(self, text: str, call: Callable[[], object]) -> None:
        """Put an entry at the end of the menu."""
        action = self.addAction(text)
        assert action is not None
        action.triggered.connect(lambda _=False: call())

    def button(self, *, low: bool = False) -> QPushButton:
        """Return a new button that opens the menu; a low one is no higher than a tab."""
        button = QPushButton("H&elp")
        button.setToolTip("Tutorial and first steps (Alt+E)")
        button.setMenu(self)
        padding = "QPushButton { padding: 0 4px; }" if low else ""
        button.setStyleSheet(f"QPushButton::menu-indicator {{ width: 0; image: none; }} {padding}")
        return button

    def show_tutorial(self) -> None:
        """Open the tutorial beside the window; it can stay open while one works."""
        if self.dialog is None:
            self.dialog = HelpDialog(self._dock.window())
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
