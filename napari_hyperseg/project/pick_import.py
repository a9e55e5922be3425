"""What of a horizon file can become picks: everything, or what lies on chosen lines.

Knows geometry and lines; how picks are kept is the matter of `horizons`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.project.line_choice import LineChoice
from napari_hyperseg.survey.geometry import Geometry


def picks_on(
    name: str, values: NDArray[np.floating], geometry: Geometry, lines: LineChoice
) -> NDArray[np.floating]:
    """Return the values of a horizon that can be picks, between samples as they are.

    Parameters
    ----------
    name : str
        The horizon's, for the message.
    values : ndarray, shape (n_inlines, n_crosslines)
        In the survey's vertical unit; NaN where absent.
    geometry : Geometry
        The survey's: picks lie on its live traces, between its first and last sample.
    lines : LineChoice
        Where picks are wanted.

    Returns
    -------
    ndarray, same shape
        NaN where there is no pick.

    Raises
    ------
    HorizonError
        If none is left.
    """
    samples = geometry.sample_position(values)
    with np.errstate(invalid="ignore"):
        inside = (samples >= 0) & (samples <= geometry.n_samples - 1)
    found = np.where(inside & lines.traces(geometry), values, np.nan)
    if not np.isfinite(found).any():
        where = "the survey" if lines == LineChoice() else "the chosen lines"
        raise HorizonError(f"{name} has no pick on {where}: choose other lines, or another file.")
    return found
