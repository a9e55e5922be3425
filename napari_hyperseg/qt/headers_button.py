"""The button that shows how the open survey is read, and lets it be read in another way."""

from __future__ import annotations

from napari.utils.notifications import show_error
from qtpy.QtWidgets import QHBoxLayout, QPushButton, QWidget

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.qt.long_work import Cancelled
from napari_hyperseg.qt.window_opener import WindowOpener
from napari_hyperseg.viewer.rereading import why_fixed, with_reading
from napari_hyperseg.viewer.workspace import Workspace


class HeadersButton(QPushButton):
    """Opens the dialog of header bytes for the survey that is open.

    Parameters
    ----------
    workspace : Workspace
        What the viewer has open.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("Headers...")
        self._workspace = workspace
        self.setToolTip("How the trace headers are read, and what else they could mean")
        self.clicked.connect(self._on_clicked)

    def beside(self, label: QWidget) -> QHBoxLayout:
        """Return a row of a label and this button."""
        row = QHBoxLayout()
        row.addWidget(label, stretch=1)
        row.addWidget(self)
        return row

    def _on_clicked(self) -> None:
        try:
            self._change_reading()
        except Cancelled:
            return
        except HypersegError as error:
            show_error(str(error))

    def _change_reading(self) -> None:
        """Ask how to read the survey; read it so if that is something else."""
        workspace = self._workspace
        if workspace.tag is None:
            return
        source = workspace.tag.opened.source
        opener = WindowOpener(self.window() or self, workspace.viewer.theme)
        why = why_fixed(workspace)
        explorer = opener.explore(source.path)
        answer = opener.ask(explorer, source.reading, why, fixed=bool(why))
        if answer is None or answer.look is None or answer.look.reading == source.reading:
            return
        with_reading(workspace, opener.open(explorer, answer.said).survey)
