"""The tutorial in a window of its own; it comes with the package and needs no network."""

from __future__ import annotations

from importlib.resources import files

from qtpy.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

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
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(close)
        self.resize(_WIDTH, _HEIGHT)


def tutorial() -> str:
    """Return the tutorial, in markdown."""
    return files("napari_hyperseg.qt").joinpath("tutorial.md").read_text("utf-8")
