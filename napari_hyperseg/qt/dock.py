"""The dock: makes session and workspace, and shows them in its panels.

Owns their life, from napari's window to its end, and that the panels are rendered when something
changes, at most ten times a second.  Decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QCoreApplication, QEvent, QSize, Qt
from qtpy.QtWidgets import QDialog, QFrame, QPushButton, QScrollArea

from napari_hyperseg.project.conversion import BackgroundConversion
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.project.tracking import BackgroundTracking
from napari_hyperseg.qt.dock_keys import DockKeys
from napari_hyperseg.qt.dock_panels import DockPanels
from napari_hyperseg.qt.event_loop import MainThread, qt_timing
from napari_hyperseg.qt.keys_dialog import KeysDialog
from napari_hyperseg.qt.second_window import SecondWindow
from napari_hyperseg.qt.theme import Colours, dock_style
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
        tracking = BackgroundTracking(deliver=self._thread.deliver)
        self.workspace = Workspace(napari_viewer, self.model, timing, conversion, tracking)
        self._build()
        self.keys = DockKeys(self, self.workspace.keys.table)
        self._render_soon = timing.throttle(self.render_panels)
        self.model.changed.connect(self._on_changed)
        self.workspace.changed.connect(self._on_changed)
        self.workspace.keys.asked.connect(self.show_keys)
        self.workspace.keys.second_asked.connect(self.show_second)
        conversion.changed.connect(self._on_changed)
        self.workspace.horizons.changed.connect(self._on_changed)
        napari_viewer.events.theme.connect(self._wear_theme)
        self._end_with_the_window()
        self.render_panels()
        self._wear_theme()

    def train(self) -> None:
        """Press Train."""
        self._press(self.training.train)

    def predict(self) -> None:
        """Press Predict."""
        self._press(self.training.predict)

    def pause(self) -> None:
        """Press Pause, or Resume."""
        self._press(self.training.pause)

    def stop(self) -> None:
        """Press Stop."""
        self._press(self.training.stop)

    def show_keys(self) -> None:
        """Show which keys there are."""
        _bring(self.keys_dialog)

    def show_second(self) -> None:
        """Show the second view."""
        _bring(self.second)

    def _press(self, button: QPushButton) -> None:
        """Click a button as it is now, not as it was when the panels were last shown."""
        self.render_panels()
        button.click()

    def render_panels(self) -> None:
        """Show session and workspace."""
        self.panels.display(self.model.session)

    def let_go(self) -> None:
        """Leave viewer and layers as they are; a running worker saves and ends."""
        if self._disconnected():
            self.second.close()
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
            self.lines.let_go()
            self.panels.models.let_go()
            self.panels.quality.let_go()
            self.workspace.keys.asked.disconnect(self.show_keys)
            self.workspace.keys.second_asked.disconnect(self.show_second)
            self.second.let_go()
            self.keys.let_go()
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
        self.panels = panels = DockPanels(self.workspace)
        self.survey, self.classes, self.horizons = panels.survey, panels.classes, panels.horizons
        self.lines, self.training, self.plot = panels.lines, panels.training, panels.plot
        self.tabs, self.trouble, self.history = panels.tabs, panels.trouble, panels.history
        self.keys_dialog = KeysDialog(self.workspace.keys.groups, self)
        self.second = SecondWindow(self.workspace, self)
        self.setWidget(panels)
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
        colours = Colours.of(self._viewer.theme)
        self.setStyleSheet(dock_style(colours))
        self.panels.wear(colours)
        self.second.set_colors(colours.background, colours.text)


def _bring(dialog: QDialog) -> None:
    """Show a window in front of the others."""
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
