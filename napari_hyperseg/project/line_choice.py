"""The lines of a survey on which something is to be done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.lines import traces_on
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.line_lists import line_indices


@dataclass(frozen=True)
class LineChoice:
    """Array indices of the lines that are meant; None and None: every line."""

    inlines: tuple[int, ...] | None = None
    crosslines: tuple[int, ...] | None = None

    @classmethod
    def typed(cls, inlines: str | None, crosslines: str | None, geometry: Geometry) -> LineChoice:
        """Read lists of survey numbers such as "1001,1005" or "1000-1100:10"; None: not said.

        Raises
        ------
        LineNotFoundError
            If one is no such list, or names a line that the survey has not.
        """
        return cls(
            line_indices(inlines, geometry.inlines.tolist(), geometry.inline_index, "inlines"),
            line_indices(
                crosslines, geometry.crosslines.tolist(), geometry.crossline_index, "crosslines"
            ),
        )

    def traces(self, geometry: Geometry) -> NDArray[np.bool_]:
        """Return the live traces on the lines, shape (n_inlines, n_crosslines)."""
        if self.inlines is None and self.crosslines is None:
            return geometry.live_mask.copy()
        lines = [np.array(chosen or (), np.intp) for chosen in (self.inlines, self.crosslines)]
        return traces_on((lines[0], lines[1]), geometry.shape[:2]) & geometry.live_mask
