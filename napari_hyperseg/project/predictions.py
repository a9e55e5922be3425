"""Predictions of a project: which there are, and their arrays.

Owns finding and checking them; the learning layer fills them.  The arrays stay on disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import zarr

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.models import by_age

if TYPE_CHECKING:
    from pathlib import Path

    from napari_hyperseg.project.folder import Project


@dataclass(frozen=True)
class Prediction:
    """What a model says about a survey.

    Parameters
    ----------
    path : Path
        The zarr group.
    model : str
        The model that made it.
    n_classes : int
        Codes run from 1 to `n_classes`.
    facies : zarr.Array of uint8, shape of the survey
        Facies codes; 0 where nothing was predicted yet.
    confidence : zarr.Array of uint8, shape of the survey
        Per cent.
    """

    path: Path
    model: str
    n_classes: int
    facies: zarr.Array
    confidence: zarr.Array


def prediction_models(project: Project, key: str) -> list[str]:
    """Return the models that predicted a survey, newest last."""
    folder = project.predictions_folder
    names = by_age(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    return [name for name in names if project.prediction_path(name, key).is_dir()]


def open_prediction(project: Project, key: str, model: str | None = None) -> Prediction:
    """Open a prediction of a survey, by default the newest model's.

    Raises
    ------
    ProjectError
        If there is none, or it is damaged or of another survey.
    """
    known = prediction_models(project, key)
    if not known:
        raise ProjectError(f"There is no prediction of {key} yet. Run 'hyperseg predict' first.")
    if model is not None and model not in known:
        raise ProjectError(f"There is no prediction of {key} by {model!r}; by {', '.join(known)}.")
    chosen = model or known[-1]
    path = project.prediction_path(chosen, key)
    try:
        group = zarr.open_group(path, mode="r", zarr_format=3)
        arrays = [_codes(group[name], project.entry(key).shape) for name in _ARRAYS]
        n_classes = int(group.attrs["n_classes"])  # type: ignore[arg-type]
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise ProjectError(
            f"{path} is damaged or of another survey. Run 'hyperseg predict' again."
        ) from error
    return Prediction(path, chosen, n_classes, *arrays)


_ARRAYS = ("facies", "confidence")


def _codes(array: Any, shape: tuple[int, int, int]) -> zarr.Array:
    if not isinstance(array, zarr.Array) or array.dtype != np.uint8 or array.shape != shape:
        raise ValueError("not a uint8 array of the survey's shape")
    return array
