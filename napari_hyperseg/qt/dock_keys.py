"""The keys of the window while the dock has the keyboard.

napari hears keys on its canvas alone; lists and buttons of the dock have uses for letters and
arrows of their own.  While somebody types a text or a number, keys are characters.
"""

from __future__ import annotations

from collections.abc import Iterable

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut
from qtpy.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from napari_hyperseg.viewer.key_table import Key

_FIELDS = (QAbstractSpinBox, QKeySequenceEdit, QLineEdit, QPlainTextEdit, QTextEdit)


class DockKeys:
    """Shortcuts of a widget and everything in it.

    Parameters
    ----------
    dock : QWidget
    table : iterable of Key
        Those that can be called.
    context : Qt.ShortcutContext
        Where they are heard.
    """

    def __init__(
        self,
        dock: QWidget,
        table: Iterable[Key],
        context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut,
    ) -> None:
        self.shortcuts = [
            _shortcut(dock, name, key, context)
            for key in table
            if key.call
            for name in (*key.names, *key.also)
        ]
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app = app
        app.focusChanged.connect(self._on_focus)

    def let_go(self) -> None:
        """Take no notice of the keyboard any more."""
        self._app.focusChanged.disconnect(self._on_focus)

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        typing = takes_text(now)
        for shortcut in self.shortcuts:
            shortcut.setEnabled(not typing)


def takes_text(widget: QWidget | None) -> bool:
    """Return whether what is pressed in a widget is text or a number."""
    editable = isinstance(widget, QComboBox) and widget.isEditable()
    return editable or isinstance(widget, _FIELDS)


def sequence(name: str) -> QKeySequence:
    """Return a key of the table as Qt knows it."""
    return QKeySequence(name.replace("Page", "Pg").replace("-", "+"))


def _shortcut(dock: QWidget, name: str, key: Key, context: Qt.ShortcutContext) -> QShortcut:
    shortcut = QShortcut(sequence(name), dock)
    shortcut.setContext(context)
    shortcut.setAutoRepeat(not key.on_canvas)  # as on the canvas: arrows are napari's there
    shortcut.activated.connect(key.call)
    return shortcut
