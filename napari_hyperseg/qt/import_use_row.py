"""The row that says what horizon files become: surfaces, or picks on some lines."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from napari_hyperseg.viewer.horizon_import import ImportUse

SURFACES, PICKS = "surfaces", "picks"
_TIP = "Survey numbers such as 100-200:10, 250; both empty: all lines"


class ImportUseRow(QWidget):
    """A choice, and two fields for lines.

    Parameters
    ----------
    changed : callable
        Told an `ImportUse`.
    """

    def __init__(self, changed: Callable[[ImportUse], object]) -> None:
        super().__init__()
        self._changed = changed
        self.kind = QComboBox()
        self.kind.addItems([SURFACES, PICKS])
        self.kind.setToolTip(
            "Surfaces: the horizon as the file has it. Picks: fixed points on lines, from which "
            "the horizon is tracked"
        )
        self.inlines, self.crosslines = QLineEdit(), QLineEdit()
        self.replaces = QCheckBox("replace horizons of the same name")
        self.joins = QLabel("picks join horizons of the same name")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("import as"))
        row.addWidget(self.kind)
        for title, field in (("on inlines", self.inlines), ("crosslines", self.crosslines)):
            label = QLabel(title)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field, 1)
            field.setToolTip(_TIP)
            field.setMaximumWidth(170)
            field.textChanged.connect(lambda _: self._touch())
        row.addStretch(1)
        row.addWidget(self.replaces)
        row.addWidget(self.joins)
        self.kind.currentIndexChanged.connect(lambda _: self._touch())
        self._render()

    @property
    def use(self) -> ImportUse:
        """What is chosen."""
        picks = self.kind.currentText() == PICKS
        return ImportUse(picks, self.inlines.text(), self.crosslines.text())

    def display(self, *, taken: bool) -> None:
        """Say what happens to horizons of the same name, if there are any."""
        picks = self.use.as_picks
        self.replaces.setVisible(taken and not picks)
        self.joins.setVisible(taken and picks)

    def _touch(self) -> None:
        self._render()
        self._changed(self.use)

    def _render(self) -> None:
        use = self.use
        everywhere = not (use.inlines.strip() or use.crosslines.strip())
        for field in (self.inlines, self.crosslines):
            field.setEnabled(use.as_picks)
            field.setPlaceholderText("all" if everywhere else "none")
