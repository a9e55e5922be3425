"""Marks on the section for the horizon that is picked: its seeds, and ties with crossing lines.

Owns one Points layer, which is only looked at.  A seed is a disc; a crossing line a diamond where
that line has the horizon, with the mistie beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from napari.components import ViewerModel
from napari.layers import Points
from numpy.typing import NDArray

from napari_hyperseg.labels.crossings import Crossings
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.arrival import vertical_unit_in
from napari_hyperseg.viewer.axes import layer_axes
from napari_hyperseg.viewer.overlays import find_layer
from napari_hyperseg.viewer.tags import Role, Tag

SIZE_PX = 10
LEAST_MISTIE = 0.25  # samples; less is no mistie


@dataclass(frozen=True)
class Marks:
    """What is marked on a section.

    Parameters
    ----------
    seeds : ndarray of float, shape (n, 3)
        Array indices.
    ties : ndarray of float, shape (m, 3)
        Likewise, where crossing lines have the horizon.
    words : tuple of str
        The mistie at each tie; empty where there is none.
    """

    seeds: NDArray[np.float64]
    ties: NDArray[np.float64]
    words: tuple[str, ...] = ()


NO_MARKS = Marks(np.empty((0, 3)), np.empty((0, 3)))


class PickMarkers:
    """Draws marks in a viewer.

    Parameters
    ----------
    viewer : ViewerModel
    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer

    def show(self, tag: Tag, marks: Marks, color: str) -> None:
        """Draw these marks instead of what was drawn."""
        layer = find_layer(self._viewer, Role.PICKS, tag.survey)
        places = np.concatenate([marks.seeds, marks.ties])
        if layer is None:
            if not len(places):
                return
            layer = self._add(tag)
        assert isinstance(layer, Points)
        n_seeds, n_ties = len(marks.seeds), len(marks.ties)
        layer.selected_data = set()
        layer.data = places
        layer.features = {"mistie": np.array([*[""] * n_seeds, *marks.words], dtype=object)}
        if not len(places):
            return
        layer.symbol = ["disc"] * n_seeds + ["diamond"] * n_ties
        layer.face_color = [color] * n_seeds + ["#ffffff"] * n_ties
        layer.refresh()

    def clear(self, tag: Tag) -> None:
        """Remove the layer."""
        layer = find_layer(self._viewer, Role.PICKS, tag.survey)
        if layer is not None:
            self._viewer.layers.remove(layer)

    def _add(self, tag: Tag) -> Points:
        """Add the layer on top, leaving the layer that is active as it is."""
        active = self._viewer.layers.selection.active
        layer = Points(
            np.empty((0, 3)),
            name="picks",
            canvas_size_limits=(SIZE_PX, SIZE_PX),  # whatever the zoom
            border_color="#000000",
            border_width=0.15,
            text={"string": "{mistie}", "size": 9, "color": "white", "translation": [0, 0, 0]},
            features={"mistie": np.array([], dtype=object)},
            metadata=tag.with_role(Role.PICKS).as_metadata(),
            **layer_axes(tag.geometry, vertical_unit_in(self._viewer)),
        )
        layer.editable = False
        self._viewer.add_layer(layer)
        self._viewer.layers.selection.active = active
        return layer


def mistie_words(found: Crossings, geometry: Geometry) -> tuple[str, ...]:
    """Say each mistie: "+4.2 ms"; nothing where the two lines agree, or one says nothing."""
    least = LEAST_MISTIE * geometry.sample_interval_ms
    return tuple(
        f"{mistie:+.1f} {geometry.vertical_unit}"
        if np.isfinite(mistie) and abs(mistie) >= least
        else ""
        for mistie in found.misties
    )


def places_on(
    axis: int, index: int, traces: Sequence[int] | NDArray[np.intp], samples: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return array indices of points on a vertical section, shape (n, 3)."""
    places = np.empty((len(samples), 3))
    places[:, axis], places[:, 1 - axis], places[:, 2] = index, traces, samples
    return places
