"""The line on the canvas that shows where the second view cuts the survey."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from napari.components import ViewerModel

from napari_hyperseg.viewer.horizon_lines import Segments, ribbons
from napari_hyperseg.viewer.section_ribbons import Canvas, SectionRibbons
from napari_hyperseg.viewer.sections import DISPLAY_ORDERS, Section
from napari_hyperseg.viewer.tags import Tag

NAME, COLOR, EDGE_COLOR = "second view", "#ffe119", "#000000"
_WIDTHS_PX = (4.0, 2.0)  # of the edge, of the line in it
Cut = tuple[Section, int]


class CutMark:
    """Draws where a plane of one survey cuts what a viewer shows.

    Parameters
    ----------
    viewer : ViewerModel
        Where to draw.
    throttle : callable, optional
        Wraps the drawing after a change of zoom.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        throttle: Callable[[Callable[[], Any]], Callable[[], Any]] = lambda call: call,
    ) -> None:
        self._cut: Cut | None = None
        self._ribbons = SectionRibbons(viewer, NAME, (EDGE_COLOR, COLOR), self._draw, throttle)

    def show(self, tag: Tag, cut: Cut) -> None:
        """Mark a plane of a survey: the section that cuts an axis at an index."""
        self._cut = cut
        self._ribbons.show(tag)

    def hide(self) -> None:
        """Mark nothing, and leave the viewer."""
        self._ribbons.hide()

    def _draw(self, canvas: Canvas) -> tuple[Segments, ...]:
        if self._cut is None or canvas.section is self._cut[0]:
            return ()
        line = plane_line(canvas.shape, canvas.section, self._cut)
        return tuple(ribbons(line, canvas.scale, width / canvas.zoom) for width in _WIDTHS_PX)


def plane_line(shape: tuple[int, int, int], section: Section, cut: Cut) -> Segments:
    """Return where a plane cuts a section of another kind: one segment, (down, right).

    Parameters
    ----------
    shape : tuple of int
        Of the survey.
    section : Section
        What is on screen.
    cut : (Section, int)
        The axis that the plane cuts, and where.
    """
    down, right = DISPLAY_ORDERS[section][1:]
    axis, at = cut
    along_right, along_down = [(at, 0), (at, shape[right] - 1)], [(0, at), (shape[down] - 1, at)]
    return np.array([along_right if axis == down else along_down], np.float32)
