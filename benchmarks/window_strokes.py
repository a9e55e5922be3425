"""The brush, moved over the canvas by the events that Qt sends when a mouse is moved.

Between two moves napari stamps the brush as often as the way needs: half a dozen times here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from qtpy.QtCore import QEvent, QPointF, Qt
from qtpy.QtGui import QMouseEvent
from qtpy.QtWidgets import QApplication

from benchmarks.window_session import WindowSession, timed
from napari_hyperseg.viewer.sections import Section

STAMPS = 40
EVERY_S = 0.016  # as a mouse sends its moves
BRUSH_SIZE = 12
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@dataclass
class Spent:
    """Seconds of each stamp, of each move with its stamps, and of that with the frame drawn."""

    stamps: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    releases: list[float] = field(default_factory=list)


class Brush:
    """Paints in the window of a session."""

    def __init__(self, session: WindowSession) -> None:
        self._session = session
        self._rounds = 0
        widgets = QApplication.allWidgets()
        names = (w for w in widgets if type(w).__name__ == "CanvasBackendDesktop")
        self._canvas: Any = max(names, key=lambda w: w.width() * w.height() * w.isVisible())

    def strokes(self, section: Section, n: int) -> Spent:
        """Paint strokes on a section, each an edit."""
        session = self._session
        session.dock.workspace.navigation.show(section)
        session.let_live(1.0)
        session.dock.workspace.choose_class(1)
        session.labels.brush_size = BRUSH_SIZE
        spent = Spent()
        before = len(session.interpretation.revisions)
        for number in range(n):
            # Not what was painted here in another round: that would be no edit.
            session.dock.workspace.choose_class(1 + (number + self._rounds) % 2)
            self._stroke(spent, number)
        self._rounds += 1
        if len(session.interpretation.revisions) != before + n:
            raise SystemExit(f"{n} strokes on {section.name} were not {n} edits.")
        return spent

    def _stroke(self, spent: Spent, number: int) -> None:
        self._send(QEvent.Type.MouseButtonPress, self._point(number, 0), _LEFT, _LEFT)
        for stamp in range(1, STAMPS + 1):
            self._session.let_live(EVERY_S)
            at = self._point(number, stamp)
            with self._counted() as stamps:
                moved = timed(lambda at=at: self._send(QEvent.Type.MouseMove, at, _NONE, _LEFT))
            drawn = timed(QApplication.processEvents)
            spent.stamps += [moved / len(stamps) for _ in stamps]
            spent.moves.append(moved)
            spent.drawn.append(moved + drawn)
        at = self._point(number, STAMPS)
        release = QEvent.Type.MouseButtonRelease
        spent.releases.append(timed(lambda: self._send(release, at, _LEFT, _NONE)))
        self._session.let_live(0.6)  # the labels are counted

    @contextmanager
    def _counted(self) -> Iterator[list[Any]]:
        """Give a list that grows by one for each stamp of a block."""
        labels, stamps = self._session.labels, []
        paint = labels.paint
        labels.paint = lambda *args, **kw: (stamps.append(None), paint(*args, **kw))
        try:
            yield stamps
        finally:
            del labels.paint

    def _point(self, number: int, stamp: int) -> QPointF:
        """Go round the middle of the canvas, in a spiral of its own for each stroke."""
        size = min(self._canvas.width(), self._canvas.height())
        angle, radius = number + 0.12 * stamp, size * (0.08 + 0.004 * stamp)
        middle = self._canvas.rect().center()
        x, y = middle.x() + radius * math.cos(angle), middle.y() + radius * math.sin(angle)
        return QPointF(round(x), round(y))

    def _send(
        self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton
    ) -> None:
        everywhere = self._canvas.mapToGlobal(at)
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self._canvas, QMouseEvent(kind, at, everywhere, button, held, none))
