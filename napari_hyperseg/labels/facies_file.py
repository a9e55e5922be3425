"""Facies volumes that come from elsewhere: ``.npy`` arrays and SEG-Y files.

Owns their checks; the project's own labels are `FaciesLabels`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError, SurveyError
from napari_hyperseg.survey.segy.file_header import read_file_header
from napari_hyperseg.survey.segy.opening import open_survey

if TYPE_CHECKING:
    from napari_hyperseg.survey.geometry import Geometry

_SEGY_SUFFIXES = (".sgy", ".segy")
_NPY_MAGIC = b"\x93NUMPY"


@dataclass(frozen=True, eq=False)
class FaciesVolume:
    """A facies file that has a survey's shape; get one from `open_facies`.

    Parameters
    ----------
    path : Path
        The file.
    codes : array
        What it holds, of the survey's shape, not looked at yet.
    notes : tuple of str
        What is not sure about it, a line each.
    """

    path: Path
    codes: Any
    notes: tuple[str, ...] = ()

    def sections(self, traces: NDArray[np.bool_]) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Read inline by inline, those that hold a trace that is wanted.

        Parameters
        ----------
        traces : ndarray of bool, shape (n_inlines, n_crosslines)
            The traces wanted; on the others the codes are 0, whatever the file holds.

        Yields
        ------
        int
            Index of the inline.
        ndarray of uint8, shape (n_crosslines, n_samples)
            Codes from 1, 0 = unlabelled.

        Raises
        ------
        LabelError
            If a trace holds anything but codes.
        """
        for i in np.flatnonzero(traces.any(axis=1)).tolist():
            codes = np.zeros(self.codes.shape[1:], dtype=np.uint8)
            codes[traces[i]] = _checked(np.asarray(self.codes[i])[traces[i]], self.path)
            yield i, codes


def open_facies(path: str | Path, geometry: Geometry) -> FaciesVolume:
    """Open a facies file of a survey; its codes are read when they are needed.

    Parameters
    ----------
    path : str or Path
        A ``.npy`` file of integers, or a SEG-Y file, of whole numbers from 0 to 255.
    geometry : Geometry
        The survey they belong to.

    Raises
    ------
    LabelError
        If the file is neither, or does not have the survey's shape.
    SurveyError
        If the SEG-Y file cannot be read.
    """
    path = Path(path).expanduser()
    kind = volume_kind(path)
    if kind is None:
        raise LabelError(f"{path}: is no facies volume: neither a .npy array nor SEG-Y.")
    volume = FaciesVolume(path, _npy(path)) if kind == "npy" else _segy(path, geometry)
    shape = tuple(volume.codes.shape)
    if shape != geometry.shape:
        raise LabelError(
            f"{path}: has shape {shape}, the survey {geometry.shape} (inline, crossline, sample)."
        )
    return volume


def volume_kind(path: Path) -> Literal["npy", "segy"] | None:
    """Say which kind of volume a file is, by its name or else its content; None: none.

    Raises
    ------
    LabelError
        If it cannot be read.
    """
    if path.suffix.lower() == ".npy" or _begins_with(path, _NPY_MAGIC):
        return "npy"
    if path.suffix.lower() in _SEGY_SUFFIXES:
        return "segy"
    try:
        read_file_header(path)
    except SurveyError:
        return None
    return "segy"


def read_facies(
    path: str | Path, geometry: Geometry, traces: NDArray[np.bool_] | None = None
) -> NDArray[np.uint8]:
    """Read facies codes of a survey at once.

    Parameters
    ----------
    path : str or Path
        As for `open_facies`.
    geometry : Geometry
        The survey they belong to.
    traces : ndarray of bool, shape (n_inlines, n_crosslines), optional
        The traces wanted; None: all.

    Returns
    -------
    ndarray of uint8, shape ``geometry.shape``
        Codes from 1, 0 = unlabelled, and on traces that are not wanted.

    Raises
    ------
    LabelError
        If the file is neither, does not have the survey's shape, or holds anything but codes.
    SurveyError
        If the SEG-Y file cannot be read.
    """
    wanted = np.ones(geometry.shape[:2], dtype=bool) if traces is None else traces
    codes = np.zeros(geometry.shape, dtype=np.uint8)
    for i, section in open_facies(path, geometry).sections(wanted):
        codes[i] = section
    return codes


def _begins_with(path: Path, magic: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError as error:
        raise LabelError(f"{path}: cannot be read: {error.strerror or error}.") from error


def _npy(path: Path) -> NDArray[Any]:
    try:
        volume = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise LabelError(f"{path}: cannot be read: {error.strerror or error}.") from error
    except (ValueError, EOFError, TypeError) as error:
        raise LabelError(f"{path}: is not a .npy file of facies codes.") from error
    if not isinstance(volume, np.ndarray) or volume.dtype.kind not in "iub":
        raise LabelError(f"{path}: holds {volume.dtype}; facies codes are whole numbers (uint8).")
    return volume


def _segy(path: Path, geometry: Geometry) -> FaciesVolume:
    survey = open_survey(path)
    found = survey.geometry
    same = np.array_equal(found.inlines, geometry.inlines) and np.array_equal(
        found.crosslines, geometry.crosslines
    )
    if not same:
        raise LabelError(f"{path}: has other inlines and crosslines than the survey.")
    notes = () if found.has_grid_of(geometry) else (_other_samples(path, found, geometry),)
    return FaciesVolume(path, survey.volume, notes)


def _other_samples(path: Path, found: Geometry, geometry: Geometry) -> str:
    first, other = (
        f"{one.start_ms:g} {one.vertical_unit} every {one.sample_interval_ms:g}"
        for one in (geometry, found)
    )
    return f"{path.name} begins at {other}, the survey at {first}: taken sample by sample."


def _checked(section: NDArray[Any], path: Path) -> NDArray[np.uint8]:
    with np.errstate(invalid="ignore"):
        codes = section.astype(np.uint8)
    if not np.array_equal(codes, section):
        raise LabelError(f"{path}: holds values that are no facies codes (whole, 0 to 255).")
    return codes
