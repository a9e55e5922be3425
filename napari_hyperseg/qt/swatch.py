"""Little squares of colour for lists."""

from __future__ import annotations

from qtpy.QtGui import QColor, QIcon, QPixmap

SIZE = 14


def swatch(color: str) -> QIcon:
    """Return a square that keeps its colour in a selected row."""
    pixmap = QPixmap(SIZE, SIZE)
    pixmap.fill(QColor(color))
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
