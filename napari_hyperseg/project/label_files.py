"""Which kind of labels files hold, by their content; a facies volume, horizons or wells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.facies_file import volume_kind
from napari_hyperseg.labels.wells.column_names import names_wells
from napari_hyperseg.labels.wells.content import WellChoice
from napari_hyperseg.labels.wells.table import peek_names
from napari_hyperseg.project.label_plans import FaciesSource, HorizonSource, LabelSource
from napari_hyperseg.project.well_plans import WellSource
from napari_hyperseg.survey.geometry import Geometry

Kind = Literal["facies", "horizons", "wells"]
_ONE = {"facies": "facies volume", "wells": "file of wells"}


def kind_of(files: Sequence[Path]) -> Kind:
    """Say what some files hold.

    Raises
    ------
    LabelError
        If they are of several kinds, or there are several facies volumes or tables of wells,
        or a file cannot be read.
    """
    kinds: list[Kind] = [_kind(file) for file in files]
    first = kinds[0]
    other = next((n for n, kind in enumerate(kinds) if kind != first), None)
    if other is not None:
        raise LabelError(
            f"{files[0].name} holds {_name(first)} and {files[other].name} {_name(kinds[other])}. "
            "Import one kind at a time."
        )
    if len(files) > 1 and first in _ONE:
        raise LabelError(f"{len(files)} files are chosen. Import one {_ONE[first]} at a time.")
    return first


def read_source(
    files: Sequence[Path], kind: Kind, geometry: Geometry, choice: WellChoice
) -> LabelSource:
    """Read files of one kind.

    Raises
    ------
    HypersegError
        If one is damaged, or does not fit the survey.
    """
    if kind == "facies":
        return FaciesSource.read(files[0], geometry)
    if kind == "wells":
        return WellSource.read(files[0], geometry, choice)
    if len({file.stem for file in files}) < len(files):
        raise LabelError("Two horizon files have the same name. Rename one: it names the horizon.")
    return HorizonSource.read({file.stem: file for file in files}, geometry)


def _kind(file: Path) -> Kind:
    if volume_kind(file) is not None:
        return "facies"
    return "wells" if names_wells(peek_names(file)) else "horizons"


def _name(kind: Kind) -> str:
    return {"facies": "facies", "horizons": "a horizon", "wells": "wells"}[kind]
