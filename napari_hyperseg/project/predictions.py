"""Predictions of a project: which there are, and their arrays.

Owns finding and checking them; the learning layer fills them.  The arrays stay on disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import zarr

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.order import Order
from napari_hyperseg.project.models import by_age, called, listed
from napari_hyperseg.survey.export.volume_views import ConvertedVolume, OneOfSeveral

if TYPE_CHECKING:
    from pathlib import Path

    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.survey import Volume


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
    below : zarr.Array of uint8, shape (n_classes - 1, and that of the survey), or None
        How likely a sample lies below each boundary, in `steps` from 0 to 1; None: not stored,
        or not everywhere.
    steps : int
    below_order : tuple of int
        The codes from top to bottom as they were when `below` was predicted.
    """

    path: Path
    model: str
    n_classes: int
    facies: zarr.Array
    confidence: zarr.Array
    below: zarr.Array | None = None
    steps: int = 1
    below_order: Order = ()

    def probability(self, boundary: int, *, whole: bool) -> Volume:
        """How likely each sample lies at or below a boundary, in per cent.

        Parameters
        ----------
        boundary : int
            0 for that between the first two classes of `below_order`, and so on.
        whole : bool
            Whether in whole per cents (uint8), else float32.

        Raises
        ------
        ProjectError
            If the prediction was made without probabilities, or stopped.
        """
        if self.below is None:
            raise ProjectError(
                f"{self.path.stem} was predicted by {self.model} without probabilities: "
                "run 'hyperseg predict' again."
            )
        table = 100 / self.steps * np.arange(256)
        percent = np.rint(table).clip(0, 100).astype(np.uint8) if whole else table.astype("f4")
        one = OneOfSeveral(self.below, boundary)
        return ConvertedVolume(one, lambda block: percent[block], percent.dtype)


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
    chosen = known[-1] if model is None else _named(project, key, model, known)
    path = project.prediction_path(chosen, key)
    try:
        group = zarr.open_group(path, mode="r", zarr_format=3)
        facies, confidence = (_codes(group[name], project.entry(key).shape) for name in _ARRAYS)
        n_classes = int(group.attrs["n_classes"])  # type: ignore[arg-type]
        below, steps, order = _below(group, n_classes, project.entry(key).shape)
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise ProjectError(
            f"{path} is damaged or of another survey. Run 'hyperseg predict' again."
        ) from error
    return Prediction(path, chosen, n_classes, facies, confidence, below, steps, order)


def _named(project: Project, key: str, model: str, known: list[str]) -> str:
    """The model of this ID or name, if it predicted the survey."""
    names = project.model_names()
    found = model if model in known else called(model, names)
    if found not in known:
        by = listed(known, names)
        raise ProjectError(f"There is no prediction of {key} by {model!r}; by {by}.")
    return found


_ARRAYS = ("facies", "confidence")
MOST_STEPS = 255  # what a byte holds


def _below(
    group: zarr.Group, n_classes: int, shape: tuple[int, ...]
) -> tuple[zarr.Array | None, int, Order]:
    """The sides of the boundaries, their unit and order, if they are there and whole."""
    if "below" not in group:
        return None, 1, ()
    array = _codes(group["below"], (n_classes - 1, *shape))
    steps = int(array.attrs["steps"])  # type: ignore[arg-type]
    if not 0 < steps <= MOST_STEPS:
        raise ValueError(f"no share has {steps} steps")
    by_code = tuple(range(1, n_classes + 1))
    said: Any = array.attrs.get("order", by_code)
    order: Order = tuple(said)
    if sorted(order) != list(by_code):
        raise ValueError(f"{order} is no order of {n_classes} classes")
    return (array if array.attrs["complete"] is True else None), steps, order


def _codes(array: Any, shape: tuple[int, ...]) -> zarr.Array:
    if not isinstance(array, zarr.Array) or array.dtype != np.uint8 or array.shape != shape:
        raise ValueError("not a uint8 array of the survey's shape")
    return array
