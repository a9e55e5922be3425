"""The window of the models: list, show, compare, go on, hand on.

Owns the widgets; what is read or written happens in the background.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence
from qtpy.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.project import model_names
from napari_hyperseg.project.controls import read_only_text
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.model_controls import (
    HINT,
    KEYS,
    NOTHING,
    buttons,
    comparison_text,
    newest_first,
)
from napari_hyperseg.project.model_list import ModelFacts, model_facts
from napari_hyperseg.qt.background import Background
from napari_hyperseg.qt.model_exchange import ModelExchange
from napari_hyperseg.qt.models_list import ModelsList
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.workspace import Workspace

_ROWS = (("show", "compare", "swap"), ("go_on", "begin"), ("export", "import", "delete"))
SWAP_TIP = "Show the prediction of the other one of the two; again for the first (Alt+W)"


class ModelsDialog(QDialog):
    """Lists the models of the open project.

    Parameters
    ----------
    workspace : Workspace
        Whose project.
    minutes : callable
        Returns how long to train.
    parent : QWidget
        Over which it lies.
    """

    def __init__(self, workspace: Workspace, minutes: Callable[[], float], parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._views, self._minutes = workspace, workspace.models, minutes
        self._models: tuple[ModelFacts, ...] = ()
        self._background = Background(self)
        self._exchange = ModelExchange(
            self, self._background, self._hint, self._imported, self._deleted
        )
        self._asked, self._note = 0, ""
        self.setWindowTitle("Models")
        self._build()
        self._views.changed.connect(self.refresh)
        workspace.changed.connect(self._render_comparison)

    def open(self) -> None:  # type: ignore[override]
        """Show the dialog with the models as they are now; the window stays free."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Read the models again."""
        project = self._workspace.project
        if project is None:
            self._take([])
        elif self.isVisible():
            self._background.submit(partial(model_facts, project), self._take)

    def display(self) -> None:
        """Show what can be pressed now."""
        if not self.isVisible():
            return
        session = self._workspace.model.session
        said = buttons(session, self.list.chosen, self._views.shown, self._views.compared)
        for name, button in said.items():
            widget = self.buttons[name]
            widget.setText(button.text)
            widget.setShortcut(QKeySequence(KEYS[name]))  # a new text takes it away
            widget.setToolTip(f"{button.tip} ({KEYS[name]})")
            widget.setEnabled(button.enabled)
        self.swap.setEnabled(self._views.compared is not None)
        self.hint.setText(self._note or (HINT if self._models else NOTHING))

    def let_go(self) -> None:
        """Listen no more."""
        self._background.close()
        self._views.changed.disconnect(self.refresh)
        self._workspace.changed.disconnect(self._render_comparison)

    def _take(self, models: list[ModelFacts]) -> None:
        self._models = newest_first(models)
        fixed = bool(read_only_text(self._workspace.model.session))
        self.list.display(self._models, self._views.shown, fixed=fixed)
        self.display()
        self._render_comparison()

    def _render_comparison(self) -> None:
        """Say how much the two differ on the section on screen; it is counted beside."""
        share = self._views.share()
        self.comparison.setVisible(self._views.compared is not None)
        self._asked += 1
        if share is not None and self.isVisible():
            told = partial(self._say_share, self._asked, self._workspace.section_name)
            self._background.submit(share, told)
        elif self._views.compared is not None:
            self.comparison.setText("Go to a section to see how much of it differs.")

    def _say_share(self, asked: int, section: str, share: float | None) -> None:
        shown, other = self._views.shown, self._views.compared
        if asked == self._asked and shown is not None and other is not None:
            words = comparison_text(self._title(shown), self._title(other), section, share)
            self.comparison.setText(words)

    def _title(self, model: str) -> str:
        return next((one.title for one in self._models if one.model == model), model)

    def _on_renamed(self, model: str, name: str) -> None:
        project = self._workspace.project
        if project is None:
            return
        with refusals_told():
            model_names.rename(project.models_folder, model, name, project.model_ids())
        self.refresh()

    def _with_chosen(self, act: Callable[[Project, ModelFacts], Any], *_: object) -> None:
        """Do something with the model that is selected; what is refused is told."""
        project, one = self._workspace.project, self.list.chosen
        self._note = ""
        if project is not None and one is not None:
            with refusals_told():
                act(project, one)

    def _on_show(self, project: Project, one: ModelFacts) -> None:
        if self._workspace.model.session.survey in one.surveys:
            self._views.show(one.model)
        else:
            self._workspace.model.predict(one.model)

    def _on_compare(self, project: Project, one: ModelFacts) -> None:
        if self._views.compared is None:
            self._views.compare(one.model)
        else:
            self._views.end()

    def _on_go_on(self, project: Project, one: ModelFacts) -> None:
        self._workspace.model.train(self._minutes(), model=one.model)

    def _on_begin(self, project: Project, one: ModelFacts) -> None:
        self._workspace.model.train(self._minutes(), begin_with=one.model)

    def _on_import(self) -> None:
        if self._workspace.project is not None:
            self._exchange.import_model(self._workspace.project)

    def _imported(self, model: str) -> None:
        self.refresh()
        self._background.submit(lambda: model, self.list.choose)  # once it is listed

    def _deleted(self, model: str) -> None:
        self._workspace.model.model_removed(model)
        with refusals_told():
            self._views.leave(model)
        self.refresh()

    def _hint(self, words: str) -> None:
        """Say what became of a file, until something else is asked for; empty: nothing."""
        self._note = words
        self.display()

    def _build(self) -> None:
        self.list = ModelsList(self.display, self._on_renamed)
        self.hint, self.comparison = QLabel(HINT), QLabel()
        for label in (self.hint, self.comparison):
            label.setWordWrap(True)
        self.buttons = {name: QPushButton() for row in _ROWS for name in row}
        self.swap = self.buttons.pop("swap")
        self.swap.setText("S&witch")
        self.swap.setToolTip(SWAP_TIP)
        self.swap.clicked.connect(lambda: self._views.swap())
        acts = {
            "show": self._on_show,
            "compare": self._on_compare,
            "go_on": self._on_go_on,
            "begin": self._on_begin,
            "export": self._exchange.export_model,
            "delete": self._exchange.delete_model,
        }
        for name, act in acts.items():
            self.buttons[name].clicked.connect(partial(self._with_chosen, act))
        self.buttons["import"].clicked.connect(lambda: self._on_import())
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.comparison)
        layout.addWidget(self.hint)
        for names in _ROWS:
            layout.addLayout(self._row(names))
        self.comparison.hide()
        self.comparison.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.resize(560, 420)

    def _row(self, names: tuple[str, ...]) -> QHBoxLayout:
        row = QHBoxLayout()
        for name in names:
            button = self.swap if name == "swap" else self.buttons[name]
            button.setAutoDefault(False)  # Enter in the list is no answer
            row.addWidget(button, 1)
        return row
