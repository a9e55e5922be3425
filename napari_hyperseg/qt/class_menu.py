"""The menu of a class: everything that can be done with it, and by which key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QMenu, QWidget

from napari_hyperseg.project.class_controls import ClassControls

ENTRIES = {
    "rename": ("Rename", "F2"),
    "colour": ("Colour...", "R"),
    "show": ("Hide or show", "V"),
    "lock": ("Lock or unlock", "L"),
    "up": ("Move up", "Alt+Up"),
    "down": ("Move down", "Alt+Down"),
    "remove": ("Remove", "Del"),
}


def class_menu(parent: QWidget, can: ClassControls, acts: Mapping[str, Callable]) -> QMenu:
    """Return the menu of the chosen class.

    Parameters
    ----------
    parent : QWidget
    can : ClassControls
        What can be done with it.
    acts : mapping of str to callable
        What to do, by the names of `ENTRIES`.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for name, (text, key) in ENTRIES.items():
        action = menu.addAction(f"{text}\t{key}")
        assert action is not None
        action.triggered.connect(lambda _=False, act=acts[name]: act())
        action.setEnabled(getattr(can, name, can.chosen))
    return menu
