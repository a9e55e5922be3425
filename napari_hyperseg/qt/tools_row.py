"""The row of tools that paint facies, and the forms that open below it."""

from __future__ import annotations

from functools import partial

from qtpy.QtCore import Qt
from qtpy.QtGui import QIntValidator, QKeySequence, QShortcut
from qtpy.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.qt.copy_form import CopyForm
from napari_hyperseg.qt.fill_form import FillForm
from napari_hyperseg.qt.icons import ThemedIcons
from napari_hyperseg.viewer.layer_tools import LARGEST_BRUSH, SMALLEST_BRUSH, TIPS, Tool
from napari_hyperseg.viewer.line_copy import KEY_TEXTS
from napari_hyperseg.viewer.workspace import Workspace

ICONS = {
    Tool.BRUSH: "paint",
    Tool.POLYGON: "polygon",
    Tool.ERASER: "erase",
    Tool.FILL: "fill",
    Tool.PAN: "pan_arrows",
}
_WIDTH, _SIZE_WIDTH = 30, 36
_FILL_TIP = "Fill between two horizons on the section in view"
_COPY_TIP = "Copy the labels of the section in view to the next line (Ctrl+Right, Ctrl+Left)"
_SIZE_TIP = "Size of brush and eraser ([ and ])"


class ToolsRow(QWidget):
    """Buttons for napari's tools, the size of the brush, and edits of the whole section.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._tools = workspace, workspace.tools
        self.buttons = {tool: _button(checkable=True) for tool in Tool}
        self.fill, self.copy = _button(checkable=True), _button(checkable=True)
        self.fill_form, self.copy_form = FillForm(workspace), CopyForm(workspace)
        self._build()
        names = {button: ICONS[tool] for tool, button in self.buttons.items()}
        icons = {**names, self.fill: "between", self.copy: "copy"}
        self._icons = ThemedIcons(workspace.viewer, icons)
        self._tools.changed.connect(self._display_tools)
        self.destroyed.connect(partial(self._tools.changed.disconnect, self._display_tools))
        self.display()

    def display(self) -> None:
        """Show the tool in hand, and what can be done."""
        self._display_tools()
        for form in (self.fill_form, self.copy_form):
            if form.isVisibleTo(self):
                form.display()

    def _display_tools(self) -> None:
        refusal, tool = self._tools.refusal, self._tools.tool
        for each, button in self.buttons.items():
            button.setChecked(each is tool)
            button.setEnabled(not refusal)
            button.setToolTip(refusal or TIPS[each])
        self.size_box.setEnabled(not refusal)
        self.size_box.setToolTip(refusal or _SIZE_TIP)
        if not self.size_box.hasFocus():
            self.size_box.setText(str(self._tools.brush_size))
        for button, tip in ((self.fill, _FILL_TIP), (self.copy, _COPY_TIP)):
            button.setEnabled(not refusal or button.isChecked())
            button.setToolTip(refusal or tip)

    def _build(self) -> None:
        self.size_box = QLineEdit()  # the theme's number boxes are wide
        self.size_box.setValidator(QIntValidator(SMALLEST_BRUSH, LARGEST_BRUSH, self))
        self.size_box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.size_box.setFixedWidth(_SIZE_WIDTH)
        self.size_box.setAccessibleName("brush size")
        self.size_box.textEdited.connect(self._on_size)
        row = QHBoxLayout()
        row.setSpacing(2)
        for tool, button in self.buttons.items():
            button.setAccessibleName(tool.name.lower())
            button.clicked.connect(partial(self._on_tool, tool))
            row.addWidget(button)
        row.addWidget(self.size_box)
        row.addStretch(1)
        for button, form in ((self.fill, self.fill_form), (self.copy, self.copy_form)):
            button.toggled.connect(partial(self._on_toggled, button, form))
            row.addWidget(button)
            form.hide()
        for direction, keys in KEY_TEXTS.items():  # the canvas has them, too
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._workspace.line_copy.press, direction))
        self.fill.setAccessibleName("fill between horizons")
        self.copy.setAccessibleName("copy to the next line")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.fill_form)
        layout.addWidget(self.copy_form)

    def _on_size(self, text: str) -> None:
        if self.size_box.hasAcceptableInput():
            self._tools.choose_brush_size(int(text))

    def _on_tool(self, tool: Tool) -> None:
        self._tools.choose(tool)
        self._display_tools()  # the tool in hand cannot be put away by a click

    def _on_toggled(self, button: QPushButton, form: QWidget, shown: bool) -> None:
        """Show one form at a time."""
        other = self.copy if button is self.fill else self.fill
        if shown:
            other.setChecked(False)
        form.setVisible(shown)
        self.display()


def _button(*, checkable: bool) -> QPushButton:
    button = QPushButton()
    button.setCheckable(checkable)
    button.setFixedWidth(_WIDTH)
    button.setStyleSheet("padding: 2px")  # the theme's would leave no room for the icon
    return button
