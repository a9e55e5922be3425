"""Facies volumes that come from elsewhere: ``.npy`` arrays and SEG-Y files.

Owns their checks; the project's own labels are `FaciesLabels`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.survey.segy.opening import open_survey

if TYPE_CHECKING:
    from napari_hyperseg.survey.geometry import Geometry


def read_facies(
    path: str | Path, geometry: Geometry, traces: NDArray[np.bool_] | None = None
) -> NDArray[np.uint8]:
    """Read facies codes of a survey.

    Parameters
    ----------
    path : str or Path
        A ``.npy`` file of integers, or a SEG-Y file, of whole numbers from 0 to 255.
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
    path = Path(path).expanduser()
    if path.suffix.lower() == ".npy":
        volume = _npy(path)
    elif path.suffix.lower() in {".sgy", ".segy"}:
        volume = _segy(path, geometry)
    else:
        raise LabelError(f"{path}: a facies file ends in .npy, .sgy or .segy.")
    if tuple(volume.shape) != geometry.shape:
        raise LabelError(
            f"{path}: has shape {tuple(volume.shape)}, the survey {geometry.shape} "
            "(inline, crossline, sample)."
        )
    wanted = np.ones(geometry.shape[:2], dtype=bool) if traces is None else traces
    codes = np.zeros(geometry.shape, dtype=np.uint8)
    for i in np.flatnonzero(wanted.any(axis=1)):
        codes[i, wanted[i]] = _checked(np.asarray(volume[int(i)])[wanted[i]], path)
    return codes


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


def _segy(path: Path, geometry: Geometry) -> Any:
    survey = open_survey(path)
    same = np.array_equal(survey.geometry.inlines, geometry.inlines) and np.array_equal(
        survey.geometry.crosslines, geometry.crosslines
    )
    if not same:
        raise LabelError(f"{path}: has other inlines and crosslines than the survey.")
    return survey.volume


def _checked(section: NDArray[Any], path: Path) -> NDArray[np.uint8]:
    codes = section.astype(np.uint8)
    if not np.array_equal(codes, section):
        raise LabelError(f"{path}: holds values that are no facies codes (whole, 0 to 255).")
    return codes
