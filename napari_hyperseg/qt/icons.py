"""Icons of our buttons, in the colour of the window's theme.

Tools have napari's own icons; what napari has none for is drawn here, in its style: filled
shapes on 100 x 100.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from napari.components import ViewerModel
from napari.resources import ICONS, get_colorized_svg
from napari.utils.theme import get_theme
from qtpy.QtCore import QByteArray, QSize, Qt
from qtpy.QtGui import QIcon, QPainter, QPixmap
from qtpy.QtSvg import QSvgRenderer

SIZE = 20  # of an icon on a button
_DRAWN = 2 * SIZE  # for screens with two pixels a point
_FAINT = 0.35

_PATHS = {
    "undo": "M38 16 L14 36 L38 56 V43 H60 A15 15 0 0 1 60 73 H34 V86 H60 A28 28 0 0 0 60 30 H38 Z",
    "redo": "M62 16 L86 36 L62 56 V43 H40 A15 15 0 0 0 40 73 H66 V86 H40 A28 28 0 0 1 40 30 H62 Z",
    "clock": "M50 12 A38 38 0 1 1 49.9 12 Z M49.9 21 A29 29 0 1 0 50 21 Z"
    " M46 28 H54 V47 L69 56 L65 63 L46 52 Z",
    "between": "M10 18 L90 26 V34 L10 26 Z M10 36 L90 44 V58 L10 66 Z M10 76 L90 68 V76 L10 84 Z",
    "copy": "M14 18 H50 V27 H23 V73 H50 V82 H14 Z M38 43 H64 V30 L90 50 L64 70 V57 H38 Z",
}
_FRAME = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path d="{}"/></svg>'


class ThemedIcons:
    """Keeps the icons of some buttons in the colour of a viewer's theme.

    Parameters
    ----------
    viewer : ViewerModel
        Whose theme.
    names : mapping of QAbstractButton to str
        Each button's icon, one of ours or of napari's.
    """

    def __init__(self, viewer: ViewerModel, names: Mapping[Any, str]) -> None:
        self._viewer, self._names = viewer, dict(names)
        viewer.events.theme.connect(self._wear)
        for button in self._names:
            button.setIconSize(QSize(SIZE, SIZE))
            # A lambda: Qt does not call the methods of an object that it has just destroyed.
            button.destroyed.connect(lambda: self.let_go())
        self._wear()

    def let_go(self) -> None:
        """Follow the theme no more."""
        self._viewer.events.theme.disconnect(self._wear)

    def _wear(self, *_: object) -> None:
        color = get_theme(self._viewer.theme).icon.as_hex()
        for button, name in self._names.items():
            button.setIcon(icon(name, color))


def icon(name: str, color: str) -> QIcon:
    """Return an icon of ours, or of napari's, fainter where it cannot be pressed."""
    found = QIcon(_drawn(name, color, 1.0))
    found.addPixmap(_drawn(name, color, _FAINT), QIcon.Mode.Disabled)
    return found


def _drawn(name: str, color: str, opacity: float) -> QPixmap:
    source = _FRAME.format(_PATHS[name]) if name in _PATHS else ICONS[name]
    svg = QSvgRenderer(QByteArray(get_colorized_svg(source, color, opacity).encode()))
    pixmap = QPixmap(_DRAWN, _DRAWN)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    svg.render(painter)
    painter.end()
    return pixmap
