"""The panel of the labelled lines: "which slices did I label?", and "where do I label next?"."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.project.session import Session
from napari_hyperseg.qt.background import Background
from napari_hyperseg.qt.line_list import LineList
from napari_hyperseg.viewer.key_table import Action
from napari_hyperseg.viewer.line_rows import line_row
from napari_hyperseg.viewer.navigation import LARGEST_STEP, LEAST_STEP, NO_LABELLED_LINE
from napari_hyperseg.viewer.next_line import Search
from napari_hyperseg.viewer.workspace import Workspace

COUNTING = "The labels are being counted..."
_MARGIN = 8


class LinesPanel(QGroupBox):
    """Lists the lines that carry labels, and goes to them.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    parent : QWidget, optional
        The dock.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Lines", parent)
        self._workspace, self._navigation = workspace, workspace.navigation
        self._next_lines = workspace.next_lines
        self._shown: tuple[object, ...] = ()
        self._background = Background(self)
        self._build()
        self._next_lines.asked.connect(self._on_asked)
        self.display(workspace.model.session)

    def display(self, session: Session) -> None:
        """Show the labelled lines, and which of them is on screen."""
        geometry, legend = self._workspace.geometry, self._workspace.legend
        self.setEnabled(geometry is not None)
        self._render_step()
        horizons = self._workspace.horizons.entries
        shown = session.lines, geometry, legend, horizons
        rows = None
        if any(new is not old for new, old in zip(shown, self._shown or (None,) * 4, strict=True)):
            self._shown = shown
            colors = {horizon.name: horizon.color for horizon in horizons}
            lines = session.lines if geometry else ()
            rows = [line_row(line, geometry, legend, colors) for line in lines] if geometry else []
        self.list.display(rows, self._navigation.place)
        counted = geometry is None or session.labelled is not None
        self.empty.setText(NO_LABELLED_LINE if counted else COUNTING)
        self.pages.setCurrentWidget(self.list if self.list.lines.rows else self.empty)
        for button in (self.previous, self.next):
            button.setEnabled(bool(self.list.lines.rows))
        self.advice.setText(self._next_lines.text)
        self.advice.setVisible(bool(self._next_lines.text))

    def let_go(self) -> None:
        """Wait for nothing any more."""
        self._background.close()
        self._next_lines.asked.disconnect(self._on_asked, missing_ok=True)

    def _on_asked(self, search: Search) -> None:
        background, lines = self._background, self._next_lines
        background.submit(lambda: search(lambda: background.closed), lines.take, lines.give_up)

    def _render_step(self) -> None:
        if not self.step.hasFocus():
            with signals_blocked(self.step):
                self.step.setValue(self._navigation.step)

    def _build(self) -> None:
        self.list = LineList(self._navigation.visit)
        self.empty = QLabel()
        self.empty.setWordWrap(True)
        self.empty.setMargin(_MARGIN)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.pages = QStackedWidget()
        for page in (self.empty, self.list):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.pages)
        layout.addLayout(self._build_buttons())
        layout.addWidget(self.advice)

    def _build_buttons(self) -> QHBoxLayout:
        keys = self._workspace.keys
        self.previous, self.next = QPushButton("Previous"), QPushButton("Next")
        self.previous.setToolTip(keys.tip(Action.PREVIOUS_LABELLED))
        self.next.setToolTip(keys.tip(Action.NEXT_LABELLED))
        self.previous.clicked.connect(lambda _: self._navigation.previous_labelled())
        self.next.clicked.connect(lambda _: self._navigation.next_labelled())
        self.label_next = QPushButton("Where next?")
        self.label_next.setToolTip(keys.tip(Action.LABEL_NEXT))
        self.label_next.clicked.connect(lambda _: self._next_lines.go())
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        self.step = QSpinBox()
        self.step.setRange(LEAST_STEP, LARGEST_STEP)
        self.step.setPrefix("step ")
        tips = keys.tip(Action.STEP_BACK), keys.tip(Action.STEP_ON)
        self.step.setToolTip("Lines in a step\n" + "\n".join(tips))
        self.step.valueChanged.connect(self._navigation.choose_step)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.previous, 1)
        row.addWidget(self.next, 1)
        row.addWidget(self.label_next, 1)
        row.addWidget(self.step)
        return row
