"""The form below the tools that fills between two horizons."""

from __future__ import annotations

from napari.utils.notifications import show_error
from qtpy.QtCore import QSize
from qtpy.QtGui import QIcon
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.qt.swatch import SIZE, swatch
from napari_hyperseg.viewer.interval_fill import BASE_NAME, TOP_NAME
from napari_hyperseg.viewer.workspace import Workspace

_TIP = "Give what lies between the two, on the section in view, the chosen class"
_UNLABELLED_TIP = "Leave the labels that are there; otherwise they are replaced"


class FillForm(QWidget):
    """Two horizons, and a button.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.above, self.below = _names("upper horizon"), _names("lower horizon")
        self.unlabelled = QCheckBox("only unlabelled")
        self.unlabelled.setChecked(True)
        self.unlabelled.setToolTip(_UNLABELLED_TIP)
        self.fill = QPushButton("Fill")
        self.fill.setIconSize(QSize(SIZE, SIZE))
        self.fill.clicked.connect(self._on_fill)
        self.message = message_label()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.addWidget(self.above, 0, 0)
        grid.addWidget(self.below, 0, 1)
        grid.addWidget(self.unlabelled, 1, 0)
        grid.addWidget(self.fill, 1, 1)
        grid.addWidget(self.message, 2, 0, 1, 2)

    def display(self) -> None:
        """Show which horizons there are, and the class that would be filled with."""
        fill = self._workspace.interval_fill
        upper, lower = fill.pair
        names: list[tuple[str, str | None]] = [(name, name) for name in fill.names]
        _offer(self.above, [(TOP_NAME, None), *names], upper)
        _offer(self.below, [*names, (BASE_NAME, None)], lower)
        legend, code = self._workspace.legend, self._workspace.chosen_class
        known = code is not None and code in legend.codes
        facies = legend[code] if known and code is not None else None
        self.fill.setIcon(swatch(facies.color) if facies else QIcon())
        refusal = fill.refusal or ("" if facies else "Choose a class first.")
        self.fill.setEnabled(not refusal)
        self.fill.setToolTip(refusal or (f"{_TIP}: {facies.name}" if facies else _TIP))

    def _on_fill(self) -> None:
        try:
            said = self._workspace.interval_fill.fill(
                self.above.currentData(),
                self.below.currentData(),
                replace=not self.unlabelled.isChecked(),
            )
        except HypersegError as error:
            said = ""
            show_error(str(error))
        self.message.setText(said)
        self.message.setVisible(bool(said))


def message_label() -> QLabel:
    """Return a line below a form, which takes no room while it is empty."""
    label = QLabel()
    label.setWordWrap(True)
    label.hide()
    return label


def _names(accessible: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(accessible)
    box.setToolTip(f"The {accessible}")
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return box


def _offer(box: QComboBox, entries: list[tuple[str, str | None]], chosen: str | None) -> None:
    """List names in a box; what was chosen in it stays, if it is there."""
    known = [(box.itemText(at), box.itemData(at)) for at in range(box.count())]
    if known == entries:
        return
    before = (box.currentText(), box.currentData()) if known else None
    with signals_blocked(box):
        box.clear()
        for text, name in entries:
            box.addItem(text, name)
        values = [name for _, name in entries]
        kept = before in entries
        box.setCurrentIndex(entries.index(before) if kept and before else values.index(chosen))
