"""The dock: survey, classes or horizons, training and curves, one above the other.

Owns the composition: makes session and workspace, and renders the panels when they change,
at most ten times a second.  Decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari.utils.theme import get_theme
from qtpy.QtCore import QCoreApplication, QEvent, QSize, Qt
from qtpy.QtWidgets import QFrame, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from napari_hyperseg.project.conversion import BackgroundConversion
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.qt.classes_panel import ClassesPanel
from napari_hyperseg.qt.event_loop import MainThread, qt_timing
from napari_hyperseg.qt.history_row import HistoryRow
from napari_hyperseg.qt.horizons_panel import HorizonsPanel
from napari_hyperseg.qt.plot_panel import PlotPanel
from napari_hyperseg.qt.survey_panel import SurveyPanel
from napari_hyperseg.qt.training_panel import TrainingPanel
from napari_hyperseg.qt.trouble_line import TroubleLine
from napari_hyperseg.viewer.workspace import Workspace

if TYPE_CHECKING:
    from napari.viewer import Viewer


class HypersegDock(QScrollArea):
    """Segments the seismic survey of a napari viewer.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
        Its surveys are adopted, those that are there and those that come.

    Attributes
    ----------
    model : SessionModel
        The session.
    workspace : Workspace
        Survey, project and layers.
    """

    def __init__(self, napari_viewer: Viewer, model: SessionModel | None = None) -> None:
        super().__init__()
        self._viewer = napari_viewer
        self._gone = False
        self._thread = MainThread(self)
        self.model = model or SessionModel(deliver=self._thread.deliver)
        timing = qt_timing(self)
        conversion = BackgroundConversion(deliver=self._thread.deliver)
        self.workspace = Workspace(napari_viewer, self.model, timing, conversion)
        self._build()
        self._render_soon = timing.throttle(self.render_panels)
        self.model.changed.connect(self._on_changed)
        self.workspace.changed.connect(self._on_changed)
        conversion.changed.connect(self._on_changed)
        self.workspace.horizons.changed.connect(self._on_changed)
        napari_viewer.events.theme.connect(self._wear_theme)
        self._end_with_the_window()
        self.render_panels()
        self._wear_theme()

    def train(self) -> None:
        """Press Train."""
        self._press(self.training.train)

    def pause(self) -> None:
        """Press Pause, or Resume."""
        self._press(self.training.pause)

    def stop(self) -> None:
        """Press Stop."""
        self._press(self.training.stop)

    def _press(self, button: QPushButton) -> None:
        """Click a button as it is now, not as it was when the panels were last shown."""
        self.render_panels()
        button.click()

    def render_panels(self) -> None:
        """Show session and workspace."""
        session = self.model.session
        self.trouble.display()
        self.history.display()
        self.survey.display()
        self.classes.display(session)
        self.horizons.display()
        self.training.display(session)
        self.plot.display(session)

    def let_go(self) -> None:
        """Leave viewer and layers as they are; a running worker saves and ends."""
        if self._disconnected():
            self.workspace.close()

    def _abandon(self) -> None:
        """Do the same when the window, or the whole application, is gone already."""
        if self._disconnected():
            self.workspace.abandon()

    def _disconnected(self) -> bool:
        """Listen no more; True the first time."""
        first, self._gone = not self._gone, True
        if first:
            self.model.changed.disconnect(self._on_changed)
            self.workspace.changed.disconnect(self._on_changed)
            self.workspace.conversion.changed.disconnect(self._on_changed)
            self.workspace.horizons.changed.disconnect(self._on_changed)
            self.horizons.let_go()
            self._viewer.events.theme.disconnect(self._wear_theme)
        return first

    def event(self, event: QEvent) -> bool:  # type: ignore[override]
        """Let go when napari takes the dock out of its window."""
        if event.type() == QEvent.Type.ParentChange and self.parent() is None:
            self.let_go()
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Return a width that leaves the canvas most of a small screen."""
        return QSize(320, 660)

    def minimumSizeHint(self) -> QSize:
        """Return the least width at which nothing is cut off; the height scrolls."""
        return QSize(290, 200)

    def _build(self) -> None:
        self.trouble, self.history = TroubleLine(self.workspace), HistoryRow(self.workspace, self)
        self.survey = SurveyPanel(self.workspace)
        self.classes = ClassesPanel(self.workspace)
        self.horizons = HorizonsPanel(self.workspace)
        self.training = TrainingPanel(self.model)
        self.plot = PlotPanel()
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(4)
        self.tabs = QTabWidget()  # both lists one above the other would not fit a small screen
        for page in (self.classes, self.horizons):
            self.tabs.addTab(page, page.title())
            page.setTitle("")
            page.setFlat(True)
            page.setStyleSheet("QGroupBox { border: none; margin: 0; padding: 0 }")
        panels = ((self.survey, 0), (self.tabs, 3), (self.training, 0), (self.plot, 4))
        for panel, stretch in ((self.trouble, 0), panels[0], (self.history, 0), *panels[1:]):
            layout.addWidget(panel, stretch)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _end_with_the_window(self) -> None:
        """End the worker with this dock, its window or the application."""
        # A lambda: Qt does not call the methods of an object that it has just destroyed.
        self.destroyed.connect(lambda: self._abandon())
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._abandon)

    def _on_changed(self, *_: object) -> None:
        self._render_soon()

    def _wear_theme(self, *_: object) -> None:
        theme = get_theme(self._viewer.theme)
        for panel in (self.plot, self.horizons):
            panel.set_colors(theme.background.as_hex(), theme.text.as_hex())
        self.training.set_colors(theme.error.as_hex())
