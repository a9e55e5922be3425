"""The panel that names the survey and chooses the section."""

from __future__ import annotations

from functools import partial

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from napari_hyperseg.project.wording import extent_lines
from napari_hyperseg.qt.colour_row import ColourRow
from napari_hyperseg.qt.conversion_row import ConversionRow
from napari_hyperseg.qt.details_button import DetailsButton
from napari_hyperseg.qt.headers_button import HeadersButton
from napari_hyperseg.qt.line_box import LineBox
from napari_hyperseg.qt.survey_choice import SurveyChoice
from napari_hyperseg.viewer.key_table import Action
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.workspace import Workspace

_SECTIONS = {
    Section.INLINE: ("Inline", Action.INLINE),
    Section.CROSSLINE: ("Crossline", Action.CROSSLINE),
    Section.TIME_SLICE: ("Slice", Action.TIME_SLICE),
}
_ROWS = ("inlines", "crosslines", "samples", "project")
_PADDING = 10  # of napari's labels, which the eliding text does not count


class SurveyPanel(QGroupBox):
    """Names the survey and its project; buttons for the section, a box for its number.

    Parameters
    ----------
    workspace : Workspace
        What the viewer has open.
    parent : QWidget, optional
        The dock.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet("SurveyPanel { margin-top: 0 }")  # of a title: the first row says it
        self._workspace, self._navigation = workspace, workspace.navigation
        self._build()
        self._navigation.line_asked.connect(self._on_line_asked)
        self.display()

    def display(self) -> None:
        """Show what is open."""
        self.choice.display()
        self._render_names()
        self.conversion.display()
        self.colours.display()
        section = self._navigation.section
        for key, button in self.buttons.items():
            button.setChecked(key == section)
        self.volume.setChecked(self._workspace.tag is not None and section is None)
        self.setEnabled(bool(self._workspace.surveys))
        self.line.display(self._workspace.geometry, section, self._navigation.line)

    def _render_names(self) -> None:
        tag, project = self._workspace.tag, self._workspace.project
        texts = ("-",) * len(_ROWS)
        if tag is not None and project is not None:
            texts = (*extent_lines(tag.geometry), str(project.folder))
        for name, text in zip(_ROWS, texts, strict=True):
            self.texts[name].setText(text)
            self.texts[name].setToolTip(text)

    def _build(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(1)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.choice = SurveyChoice(self._workspace)
        self.conversion = ConversionRow(self._workspace.conversion)
        self.colours = ColourRow(self._workspace.look)
        self.details = DetailsButton("survey", form, range(1, len(_ROWS) + 1))
        form.addRow(self.details, self.choice)
        self.texts = {name: _eliding_label() for name in _ROWS}
        self.texts["project"].setElideMode(Qt.TextElideMode.ElideMiddle)
        self.headers = HeadersButton(self._workspace)
        for name, label in self.texts.items():
            form.addRow(QLabel(name), self.headers.beside(label) if name == "inlines" else label)
        form.addRow(QLabel("volume"), self.conversion)
        form.addRow(QLabel("colours"), self.colours)
        self.details.begin()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addLayout(form)
        layout.addLayout(self._build_sections())
        self.line = LineBox(self._navigation.go_to)
        self.line.number.setToolTip(self._workspace.keys.tip(Action.GO_TO))
        layout.addWidget(self.line)

    def _build_sections(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons: dict[Section, QPushButton] = {}
        for section, (text, action) in _SECTIONS.items():
            self.buttons[section] = _checkable(text, self._workspace.keys.tip(action), group)
            self.buttons[section].clicked.connect(partial(self._show, section))
            row.addWidget(self.buttons[section])
        self.volume = _checkable("3D", self._workspace.keys.tip(Action.VOLUME), group)
        self.volume.clicked.connect(lambda _: self._navigation.show_volume())
        row.addWidget(self.volume)
        self.second = QPushButton("2nd")
        self.second.setToolTip(self._workspace.keys.tip(Action.SECOND_VIEW))
        self.second.clicked.connect(lambda _: self._workspace.keys.ask_second())
        row.addWidget(self.second)
        return row

    def _on_line_asked(self) -> None:
        self.display()  # of the section that is there now: what is typed is measured by it
        self.line.ask()

    def _show(self, section: Section) -> None:
        self._navigation.show(section)


def _checkable(text: str, tip: str, group: QButtonGroup) -> QPushButton:
    button = QPushButton(text)
    button.setCheckable(True)
    button.setToolTip(tip)
    group.addButton(button)
    return button


def _eliding_label() -> QElidingLabel:
    label = QElidingLabel()
    label.setEllipsesWidth(_PADDING)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return label
