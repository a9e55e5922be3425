"""What is in the dock, one above the other: notice, survey, lists, training, curves.

Owns the composition, and what is left out while no survey is open.
"""

from __future__ import annotations

from itertools import pairwise

from qtpy.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.project.compute_places import clusters_can_be_used
from napari_hyperseg.project.controls import read_only_text
from napari_hyperseg.project.session import Session
from napari_hyperseg.qt.banner import Banner
from napari_hyperseg.qt.classes_panel import ClassesPanel
from napari_hyperseg.qt.first_steps import FirstSteps
from napari_hyperseg.qt.help_menu import HelpMenu
from napari_hyperseg.qt.history_row import HistoryRow
from napari_hyperseg.qt.horizons_panel import HorizonsPanel
from napari_hyperseg.qt.lines_panel import LinesPanel
from napari_hyperseg.qt.models_button import ModelsButton
from napari_hyperseg.qt.plot_panel import PlotPanel
from napari_hyperseg.qt.quality_button import QualityButton
from napari_hyperseg.qt.survey_panel import SurveyPanel
from napari_hyperseg.qt.theme import Colours
from napari_hyperseg.qt.training_panel import TrainingPanel
from napari_hyperseg.qt.trouble_line import TroubleLine
from napari_hyperseg.qt.welcome import Welcome
from napari_hyperseg.viewer.workspace import Workspace


class DockPanels(QWidget):
    """The panels of the dock.

    Parameters
    ----------
    workspace : Workspace
        What they show.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.banner = Banner()
        self.trouble = TroubleLine(workspace)
        self.survey = SurveyPanel(workspace)
        self.history = HistoryRow(workspace, self)
        self.classes = ClassesPanel(workspace)
        self.horizons = HorizonsPanel(workspace)
        self.lines = LinesPanel(workspace)
        self.models = ModelsButton(workspace, lambda: self.training.minutes.value())
        self.quality = QualityButton(workspace)
        self.training = TrainingPanel(workspace.model, beside=self.quality)
        self.training.message_row.addWidget(self.models)
        self.plot = PlotPanel()
        self.first_steps = FirstSteps()
        self.help = HelpMenu(lambda: self.first_steps.want(True), self)
        if clusters_can_be_used():
            self.help.add("Clusters...", self.training.compute.ask)
        self.welcome = Welcome(workspace, self.help.button())
        self.tabs = QTabWidget()  # the lists one above the other would not fit a small screen
        self._build()

    def display(self, session: Session) -> None:
        """Show session and workspace."""
        self.banner.display(read_only_text(session))
        self._render_emptiness(not self._workspace.surveys)
        self.first_steps.display(session)
        self.trouble.display()
        self.history.display()
        self.survey.display()
        self.classes.display(session)
        self.horizons.display()
        self.lines.display(session)
        self.training.display(session)
        self.models.display(session)
        self.quality.display(session)
        self.plot.display(session)

    def wear(self, colours: Colours) -> None:
        """Wear the colours of the window's theme."""
        self.banner.set_color(colours.warning)
        self.classes.set_color(colours.text)
        self.first_steps.set_color(colours.foreground)
        self.training.set_colors(colours.error)
        for panel in (self.plot, self.horizons, self.quality):
            panel.set_colors(colours.background, colours.text)

    def _render_emptiness(self, empty: bool) -> None:
        """Without a survey there is nothing to choose, label or train."""
        self.welcome.setVisible(empty)
        for panel in (self.survey, self.tabs, self.training):
            panel.setVisible(not empty)

    def _build(self) -> None:
        for page in (self.classes, self.horizons, self.lines):
            self.add_tab(page)
        corner = QWidget()
        beside = QHBoxLayout(corner)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(2)
        button = self.help.button(low=True)
        for widget in (self.history, button):
            beside.addWidget(widget)
        self.tabs.setCornerWidget(corner)
        history = self.history
        chain = (self.tabs.tabBar(), history.undo, history.redo, history.clock, button)
        for one, after in pairwise(chain):
            self.setTabOrder(one, after)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(3)
        panels = (
            (self.banner, 0),
            (self.trouble, 0),
            (self.welcome, 0),
            (self.first_steps, 0),
            (self.survey, 0),
            (self.history.last, 0),
            (self.tabs, 3),
            (self.training, 0),
            (self.plot, 2),
        )
        for panel, stretch in panels:
            layout.addWidget(panel, stretch)
        layout.addStretch(0)

    def add_tab(self, page: QGroupBox) -> None:
        """Put a panel behind a tab of its title."""
        self.tabs.addTab(page, page.title())
        page.setTitle("")
        page.setFlat(True)
        page.setStyleSheet("QGroupBox { border: none; margin: 0; padding: 0 }")
        # One that was never in front does not wear napari's style yet, and asks for too much.
        page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
