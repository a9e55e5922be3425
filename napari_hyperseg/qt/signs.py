"""Little signs for lists: an eye that is open or closed, a lock that is shut or open.

Drawn here, not read from files, so that they are sharp at every scale of the screen and wear
the colour of the theme.
"""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

SIZE = 16
_SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)  # of the screens there are
_FAINT = 0.45  # opacity of what is switched off

Draw = Callable[[QPainter, QColor], None]


def eye(color: str, *, is_open: bool) -> QIcon:
    """Return an eye; crossed out and faint when closed."""
    return _icon(_open_eye if is_open else _closed_eye, color, faint=not is_open)


def lock(color: str, *, is_shut: bool) -> QIcon:
    """Return a lock; faint when open."""
    return _icon(_shut_lock if is_shut else _open_lock, color, faint=not is_shut)


def _icon(draw: Draw, color: str, *, faint: bool) -> QIcon:
    """Return the same sign for every scale; a row that is selected shows it in its own colour."""
    icon = QIcon()
    for scale in _SCALES:
        pixmap = QPixmap(round(SIZE * scale), round(SIZE * scale))
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_FAINT if faint else 1.0)
        pen = QPen(QColor(color), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        draw(painter, QColor(color))
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            icon.addPixmap(pixmap, mode)
    return icon


def _lids(painter: QPainter) -> None:
    outline = QPainterPath(QPointF(1.5, 8))
    outline.quadTo(8, 0.5, 14.5, 8)
    outline.quadTo(8, 15.5, 1.5, 8)
    painter.drawPath(outline)


def _open_eye(painter: QPainter, color: QColor) -> None:
    _lids(painter)
    painter.setBrush(color)
    painter.drawEllipse(QPointF(8, 8), 1.75, 1.75)


def _closed_eye(painter: QPainter, color: QColor) -> None:
    _lids(painter)
    painter.drawLine(QPointF(2.5, 13.5), QPointF(13.5, 2.5))


def _body(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(3.25, 7.25, 9.5, 6.5), 1, 1)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _shut_lock(painter: QPainter, color: QColor) -> None:
    painter.setBrush(color)
    _body(painter)
    shackle = QPainterPath(QPointF(5, 7))
    shackle.cubicTo(5, 0.5, 11, 0.5, 11, 7)
    painter.drawPath(shackle)


def _open_lock(painter: QPainter, color: QColor) -> None:
    _body(painter)
    shackle = QPainterPath(QPointF(8, 7))
    shackle.cubicTo(8, 0.5, 14, 0.5, 14, 5)
    painter.drawPath(shackle)
