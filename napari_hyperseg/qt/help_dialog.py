"""The tutorial in a window of its own; it comes with the package and needs no network."""

from __future__ import annotations

from importlib.resources import files

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDialog, QPushButton, QTextBrowser, QVBoxLayout, QWidget

_WIDTH, _HEIGHT = 620, 640


class HelpDialog(QDialog):
    """Shows ``tutorial.md``.

    Parameters
    ----------
    parent : QWidget, optional
        The window it belongs to.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("hyperseg: tutorial")
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setMarkdown(tutorial())
        close = QPushButton("Close")
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(close, alignment=Qt.AlignmentFlag.AlignRight)
        self.resize(_WIDTH, _HEIGHT)


def tutorial() -> str:
    """Return the tutorial, in markdown."""
    return files("napari_hyperseg.qt").joinpath("tutorial.md").read_text("utf-8")
