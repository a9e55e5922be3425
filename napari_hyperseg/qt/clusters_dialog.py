"""The window that asks for the addresses of clusters."""

from __future__ import annotations

from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.project.compute_places import know_clusters, known_clusters, reason_against

NOTE = (
    "Addresses of Dask schedulers, one a line: HOST:PORT. A cluster is started with "
    "'hyperseg scheduler' and 'hyperseg worker', and needs the certificates that 'hyperseg "
    "certificates' makes on all machines. The project must be in a folder that all of them see."
)
_WIDE, _HIGH = 460, 90


class ClustersDialog(QDialog):
    """A text of addresses, which is checked as it is written."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Clusters")
        note, self.reason = QLabel(NOTE), QLabel()
        for label in (note, self.reason):
            label.setWordWrap(True)
        self.addresses = QPlainTextEdit("\n".join(known_clusters()))
        self.addresses.setTabChangesFocus(True)
        self.addresses.setMinimumWidth(_WIDE)
        self.addresses.setFixedHeight(_HIGH)
        self.addresses.setStyleSheet("QPlainTextEdit { border: 1px solid gray; }")
        self.addresses.textChanged.connect(self._check)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (note, self.addresses, self.reason, buttons):
            layout.addWidget(widget)
        self._check()

    def accept(self) -> None:
        """Remember the addresses."""
        know_clusters(self.addresses.toPlainText())
        super().accept()

    def _check(self) -> None:
        reason = reason_against(self.addresses.toPlainText())
        self.reason.setText(reason)
        # Layouts do not ask how high a text is at its width.
        self.reason.setMinimumHeight(self.reason.heightForWidth(_WIDE) if reason else 0)
        self.adjustSize()
        self.ok.setEnabled(not reason)
