"""Where jobs compute: this computer, or the cluster whose address is chosen."""

from __future__ import annotations

from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget
from superqt.utils import signals_blocked

from napari_hyperseg.project.compute_places import (
    HERE,
    choose_place,
    chosen_place,
    cluster_at,
    clusters_can_be_used,
    known_clusters,
)
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.qt.clusters_dialog import ClustersDialog

THIS_COMPUTER, OTHERS = "this computer", "Clusters..."
TIP = "Where the next training or prediction computes"


class ComputeChoice(QWidget):
    """A box with the places that are known, and a way to name others; hidden while it is this one.

    Parameters
    ----------
    model : SessionModel
        The session, whose jobs it is about.
    """

    def __init__(self, model: SessionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.box = QComboBox()
        self.box.setToolTip(TIP)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel("compute on")
        label.setBuddy(self.box)
        row.addWidget(label)
        row.addWidget(self.box, 1)
        self.fill()
        self.box.activated.connect(self._on_activated)

    def display(self, *, running: bool) -> None:
        """Show whether the choice can be made now."""
        self.box.setEnabled(not running)

    def fill(self) -> None:
        """Show the places that are known; tell the session of the one that is chosen."""
        places = [HERE, *known_clusters()]
        with signals_blocked(self.box):
            self.box.clear()
            for place in places:
                self.box.addItem(place or THIS_COMPUTER, place)
            self.box.insertSeparator(len(places))
            self.box.addItem(OTHERS)
            self.box.setCurrentIndex(places.index(chosen_place()))
        self.setVisible(len(places) > 1 and clusters_can_be_used())
        self._model.compute_on(cluster_at(chosen_place()))

    def _on_activated(self, number: int) -> None:
        if self.box.itemText(number) == OTHERS:
            self.ask()
        else:
            choose_place(self.box.itemData(number))
            self.fill()

    def ask(self) -> None:
        """Ask for addresses; a new one is chosen."""
        known = known_clusters()
        if ClustersDialog(self).exec():
            new = [address for address in known_clusters() if address not in known]
            if new:
                choose_place(new[-1])
        self.fill()
