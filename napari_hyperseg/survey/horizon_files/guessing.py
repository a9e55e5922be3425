"""Guess which column is what: by header names, else by what fits the survey.

A guess that has a rival as good says so in a warning; the caller can override all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.content import Columns, PickTable
from napari_hyperseg.survey.horizon_files.doubts import (
    disagreeing_map,
    nothing_on_survey,
    swapped_lines,
)
from napari_hyperseg.survey.horizon_files.fitting import (
    Fit,
    any_number,
    fits_of,
    share_in_range,
    share_on_lines,
    share_on_map,
)
from napari_hyperseg.survey.horizon_files.header_names import named_columns
from napari_hyperseg.survey.horizon_files.vertical import FITS_AS_WELL

SAMPLE_ROWS = 5000


@dataclass(frozen=True)
class ColumnGuess:
    """Columns, how they were found, and what else they might be.

    Parameters
    ----------
    columns : Columns
        What is where.
    certainty : str
        How sure the guess is, in words.
    warnings : tuple of str
        A sentence for every ambiguity.
    """

    columns: Columns
    certainty: str
    warnings: tuple[str, ...] = ()


def guess_columns(path: Path, table: PickTable, geometry: Geometry) -> ColumnGuess:
    """Say which column of a table is what.

    Raises
    ------
    HorizonError
        If no columns fit the survey, or none is left for z.
    """
    known = table.columns or named_columns(table.names)
    sample = table.values[:: max(1, len(table.values) // SAMPLE_ROWS)]
    warnings: list[str] = []
    found = known
    if not (known.has_lines or known.has_map):
        found = _fit_pairs(path, sample, known, geometry, warnings)
    elif known.has_lines:
        warnings += swapped_lines(sample, known, geometry)
    found = found if found.z is not None else _fit_z(path, sample, found, geometry, warnings)
    warnings += disagreeing_map(sample, found, geometry)
    if table.columns and found == table.columns:
        return ColumnGuess(found, "certain: the format fixes the columns", tuple(warnings))
    if found == known:
        return ColumnGuess(found, "sure: the header names the columns", tuple(warnings))
    words = "doubtful: other columns fit as well" if warnings else "likely: the columns fit"
    return ColumnGuess(found, words, tuple(warnings))


def _fit_pairs(
    path: Path,
    sample: NDArray[np.float64],
    known: Columns,
    geometry: Geometry,
    warnings: list[str],
) -> Columns:
    free = _free(sample, known)
    lines = fits_of(free, lambda a, b: share_on_lines(sample, a, b, geometry))
    maps = fits_of(free, lambda a, b: share_on_map(sample, a, b, geometry))
    if not lines and not maps:
        raise HorizonError(nothing_on_survey(path, sample, geometry))
    if lines and (not maps or lines[0][0] >= 0.5 * maps[0][0]):
        inline, crossline = _best(lines, "inline and crossline", warnings)
        known = replace(known, inline=inline, crossline=crossline)
        maps = [fit for fit in maps if not {inline, crossline} & set(fit[1])]
        if not maps or maps[0][0] < 0.5 or len(free) < 5:
            return known
    x, y = _best(maps, "x and y", warnings)
    return replace(known, x=x, y=y)


def _best(fits: list[Fit], what: str, warnings: list[str]) -> tuple[int, int]:
    (share, best), *others = fits
    for other_share, other in others:
        if other_share >= FITS_AS_WELL * share:
            swapped = "; they could be swapped" if other == best[::-1] else ""
            warnings.append(
                f"Columns {other[0] + 1} and {other[1] + 1} fit {what} as well; "
                f"{best[0] + 1} and {best[1] + 1} are taken{swapped}."
            )
    return best


def _fit_z(
    path: Path,
    sample: NDArray[np.float64],
    known: Columns,
    geometry: Geometry,
    warnings: list[str],
) -> Columns:
    free = _free(sample, known)
    if not free:
        raise HorizonError(
            f"{path.name} has {sample.shape[1]} columns, and none for time or depth. "
            "Choose a file with z, or say which column it is."
        )
    shares = [share_in_range(path, sample[:, column], geometry) for column in free]
    best = int(np.argmax(shares))
    rivals = [
        str(column + 1)
        for n, column in enumerate(free)
        if n != best and shares[n] >= FITS_AS_WELL * shares[best]
    ]
    if rivals:
        warnings.append(
            f"Column {' or '.join(rivals)} could be z as well; column {free[best] + 1} is taken."
        )
    return replace(known, z=free[best])


def _free(sample: NDArray[np.float64], known: Columns) -> list[int]:
    taken = {known.inline, known.crossline, known.x, known.y, known.z}
    return [n for n in range(sample.shape[1]) if n not in taken and any_number(sample[:, n])]
