"""The button that folds away rows that are not needed all the time."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtWidgets import QFormLayout, QPushButton

from napari_hyperseg.project.preferences import DETAILS, prefer, preference

_OPEN, _FOLDED = "\u25be", "\u25b8"


class DetailsButton(QPushButton):
    """Stands where a row has its name; shows or folds other rows, and remembers which.

    Parameters
    ----------
    name : str
        Of the row it stands in.
    form : QFormLayout
        Whose rows are folded.
    rows : sequence of int
        Which of them.
    """

    def __init__(self, name: str, form: QFormLayout, rows: Sequence[int]) -> None:
        super().__init__()
        self._name, self._form, self._rows = name, form, rows
        self.setCheckable(True)
        self.setStyleSheet("QPushButton { background: transparent; padding: 2px; }")
        self.setToolTip("Show or fold away extent and project, for more room below")
        self.toggled.connect(self._fold)

    def begin(self) -> None:
        """Show the rows as they were the last time; once the form has them."""
        self.setChecked(preference(DETAILS, default=True))
        self._fold(self.isChecked())

    def _fold(self, shown: bool) -> None:
        self.setText(f"{_OPEN if shown else _FOLDED} {self._name}")
        for row in self._rows:
            self._form.setRowVisible(row, shown)
        if shown != preference(DETAILS, default=True):
            prefer(DETAILS, shown)
