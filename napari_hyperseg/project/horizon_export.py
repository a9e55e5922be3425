"""Names of the boundaries of a prediction, and their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.order import Order
from napari_hyperseg.labels.targets import Grid
from napari_hyperseg.survey.horizon_files.writing import find_writer, write_horizon_file

if TYPE_CHECKING:
    from napari_hyperseg.labels.legend import Legend
    from napari_hyperseg.project.entries import SurveyEntry
    from napari_hyperseg.project.training_horizons import TrainingHorizon
    from napari_hyperseg.survey.geometry import Geometry


def boundary_names(
    entry: SurveyEntry, legend: Legend, order: Order, picked: Iterable[TrainingHorizon] = ()
) -> list[str]:
    """Name the boundaries between classes that follow each other, from top to bottom.

    By the horizons that they were labelled from, if these delimit the same classes in the same
    order; else by the horizon that is picked there, or by their classes.
    """
    if entry.boundaries and entry.delimited == order:
        return list(entry.boundaries)
    grown = legend.grown_to(len(order))
    names = {horizon.above: horizon.name for horizon in picked}
    return _told_apart(
        _as_file_name(names.get(upper, f"{grown[upper].name} - {grown[lower].name}"))
        for upper, lower in pairwise(order)
    )


def export_horizons(
    horizons: Sequence[Grid],
    names: Sequence[str],
    geometry: Geometry,
    folder: Path,
    format_name: str = "opendtect",
) -> list[Path]:
    """Write a file per horizon.

    Parameters
    ----------
    horizons : sequence of ndarray, shape (n_inlines, n_crosslines)
        In the survey's vertical unit; NaN where there is none.
    names : sequence of str
        One for each; the files are called so, with the suffix of the format.
    geometry : Geometry
        The survey's.
    folder : Path
        Made where it does not exist.
    format_name : str
        One of `horizon_files.writing.WRITERS`.

    Raises
    ------
    HorizonError
        If the format cannot express the survey.
    ProjectError
        If the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{name}{find_writer(format_name).suffix}" for name in names]
        for path, horizon in zip(paths, horizons, strict=True):
            write_horizon_file(path, horizon, geometry, format_name)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written: {error.strerror}.") from error
    return paths


def _as_file_name(name: str) -> str:
    return "".join("_" if letter in '/\\:*?"<>|' else letter for letter in name)


def _told_apart(names: Iterable[str]) -> list[str]:
    """Classes may have one name; their files may not, whatever their letters' case."""
    seen: Counter[str] = Counter()
    apart = []
    for name in names:
        seen[name.casefold()] += 1
        count = seen[name.casefold()]
        apart.append(name if count == 1 else f"{name} {count}")
    return apart
