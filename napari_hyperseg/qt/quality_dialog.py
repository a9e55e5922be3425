"""The window that says how good a training is, from its held-out figures and its prediction.

Owns when files are read: those of the training when scores come, the prediction when its map is
on screen, both in threads.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from qtpy.QtWidgets import QDialog, QLabel, QTabWidget, QVBoxLayout, QWidget

from napari_hyperseg.jobs.events import METRICS
from napari_hyperseg.labels.order import order_of
from napari_hyperseg.project.quality import (
    NOT_LAYERED,
    held_out_text,
    horizon_names,
    why_no_boundaries,
)
from napari_hyperseg.project.training_record import RecordReader, TrainingRecord
from napari_hyperseg.qt.background import Background
from napari_hyperseg.qt.quality_classes import ClassesPage
from napari_hyperseg.qt.quality_horizons import HorizonsPage, Names
from napari_hyperseg.qt.quality_map import QualityMap
from napari_hyperseg.qt.quality_plots import CalibrationPage, CurvesPage
from napari_hyperseg.viewer.workspace import Workspace

_SIZE, _LEAST = (720, 640), (560, 520)


class QualityDialog(QDialog):
    """Tabs with curves, classes, calibration and horizons of the model that is trained.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    parent : QWidget
        The main window.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = Background(self)
        self._record = TrainingRecord()
        self._reader: RecordReader | None = None
        self._read: Hashable = None
        self._shown: Hashable = None
        self._build()

    def display(self) -> None:
        """Show the session's model; reads its files when there is something new in them."""
        session = self._workspace.model.session
        model = self._workspace.model.project, session.model
        key = (*model, id(session.last_scores), session.phase.running)
        if self._read is None or self._read[:2] != model:  # type: ignore[index]
            self._record = TrainingRecord()
            self._reader = self._reader_of_model()
        if key != self._read and self._reader is not None:
            self._background.submit(self._reader.read, partial(self._take, self._reader))
        self._read = key
        self._render()

    def let_go(self) -> None:
        """Wait for nothing any more."""
        self._background.close()
        self._map.let_go()

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        for page in (self.curves, self.calibration, self.horizons):
            page.set_colors(background, text)

    def _reader_of_model(self) -> RecordReader | None:
        project, model = self._workspace.model.project, self._workspace.model.session.model
        if project is None or model is None:
            return None
        return RecordReader(project.model_folder(model) / METRICS)

    def _take(self, reader: RecordReader, record: TrainingRecord) -> None:
        if reader is self._reader:
            self._record = record
            self._render()

    def _render(self) -> None:
        """Show what is known, if it is another than before."""
        legend, session = self._workspace.legend, self._workspace.model.session
        state = (self._record, legend, session.survey, session.model)
        if state != self._shown:
            self._shown = state
            scores, names = self._record.last_scores, self._names()
            self.message.setText(held_out_text(scores, self._record.scored_step))
            self.curves.display(self._record)
            self.classes.display(scores, legend)
            self.calibration.display(scores)
            self.horizons.display(scores, legend, names)
            layered = why_no_boundaries(scores) != NOT_LAYERED
            order = order_of(legend.codes, session.model_classes) if layered else ()
            self.horizons.offer(order, legend, names)
        self._render_map()

    def _render_map(self) -> None:
        if self.isVisible() and self.tabs.currentWidget() is self.horizons:
            self._map.display(self.horizons.boundary, self._record.scored_step)

    def _names(self) -> Names:
        project, survey = self._workspace.model.project, self._workspace.model.session.survey
        if project is None or survey not in project.surveys:
            return {}
        return horizon_names(project.entry(survey))

    def _build(self) -> None:
        self.setWindowTitle("Quality of the training")
        self.curves, self.classes, self.calibration = CurvesPage(), ClassesPage(), CalibrationPage()
        self._map = QualityMap(self._workspace, self)
        self.horizons = HorizonsPage(self._render_map, self._map.go_to)
        self._map.show_on(self.horizons)
        self.tabs = QTabWidget()
        pages: tuple[QWidget, ...] = (self.curves, self.classes, self.calibration, self.horizons)
        for page, name in zip(pages, ("Curves", "Classes", "Calibration", "Horizons"), strict=True):
            self.tabs.addTab(page, name)
        self.tabs.currentChanged.connect(lambda _: self._render_map())
        self.message = QLabel("")
        self.message.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.message)
        layout.addWidget(self.tabs, 1)
        self.setMinimumSize(*_LEAST)
        self.resize(*_SIZE)
