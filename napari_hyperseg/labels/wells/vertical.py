"""Tops and bases in the survey's unit: undefined values, units, the wrong domain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.wells.rows import WellRows
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.vertical import (
    blank_undefined,
    in_range,
    judge_scale,
    kind_of,
)

MOST_SECONDS = 20.0  # no survey is longer


def to_survey(
    path: Path, rows: WellRows, geometry: Geometry, unit: str | None
) -> tuple[WellRows, tuple[str, ...]]:
    """Put tops and bases in the survey's vertical unit, downwards.

    Parameters
    ----------
    path : Path
        For messages.
    rows : WellRows
        As the file has them.
    geometry : Geometry
        The survey's.
    unit : str or None
        By the user or the header: "ms", "s", "m", "ft", "time", "depth".

    Returns
    -------
    WellRows
        With NaN where undefined.
    tuple of str
        What is not sure.

    Raises
    ------
    WellError
        If they are depths and the survey is in time, or the other way round; or none is a
        number.
    """
    if unit is not None and kind_of(unit) != geometry.domain:
        raise _other_domain(path, unit, geometry)
    values = np.concatenate([rows.top, rows.base])
    values, notes = blank_undefined(values, ())
    if not np.isfinite(values[: len(rows)]).any():
        raise WellError(
            f"{path.name} has {len(rows)} rows, and no number for a top in any of them. "
            "Choose another file."
        )
    if unit in (None, "time") and _are_seconds(values, geometry):
        unit, notes = "s", (*notes, "The header does not say the unit: seconds are taken.")
    scale = judge_scale(path, values, geometry, unit, None)
    top, base = np.split(scale.to_survey(values, geometry), 2)
    return replace(rows, top=top, base=base), (*notes, *scale.warnings)


def _are_seconds(values: NDArray[np.float64], geometry: Geometry) -> bool:
    """Say whether times must be seconds: as milliseconds they would be next to nothing."""
    small = np.nanmax(np.abs(values)) < MOST_SECONDS
    return geometry.domain == "time" and bool(small and in_range(1000 * values, geometry) > 0.5)


def _other_domain(path: Path, unit: str, geometry: Geometry) -> WellError:
    kind = kind_of(unit)
    measured = kind if kind == unit else f"{kind} ({unit})"
    return WellError(
        f"{path.name} is in {measured}, and the survey in {geometry.domain}: without a relation "
        f"between the two wells cannot be placed. Convert it to {geometry.vertical_unit} first."
    )
