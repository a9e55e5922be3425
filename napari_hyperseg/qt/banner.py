"""The line at the top of the dock that says why nothing can be changed."""

from __future__ import annotations

from qtpy.QtWidgets import QLabel, QWidget


class Banner(QLabel):
    """A notice in the theme's colour of warnings; hidden while there is none.

    Parameters
    ----------
    parent : QWidget, optional
        The dock.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setVisible(False)

    def display(self, text: str) -> None:
        """Show a line; an empty one hides the banner."""
        self.setText(text)
        self.setToolTip(text)
        self.setVisible(bool(text))

    def set_color(self, warning: str) -> None:
        """Wear the theme's colour; black is readable on it in every theme."""
        self.setStyleSheet(
            f"color: black; background: {warning}; padding: 4px; border-radius: 3px;"
        )
