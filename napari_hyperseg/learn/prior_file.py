"""What is expected in a survey, kept with the model that corrects it: a safetensors file each."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import safe_open

from napari_hyperseg.errors import ModelError
from napari_hyperseg.labels.prior.priors import Surfaces
from napari_hyperseg.learn.data import SurveyData
from napari_hyperseg.learn.files import replace_tensors
from napari_hyperseg.learn.model import UNREADABLE, on_one_line
from napari_hyperseg.learn.prior import SurveyPrior

PRIORS = "priors"
SAMPLES, SPREAD, ORDER = "samples", "spread", "order"


def save_prior(folder: Path, key: str, prior: SurveyPrior) -> None:
    """Write what is expected in a survey into a model's folder."""
    surfaces = prior.surfaces
    tensors = {
        SAMPLES: torch.from_numpy(surfaces.samples),
        SPREAD: torch.from_numpy(surfaces.spread),
    }
    replace_tensors(_path(folder, key), tensors, {ORDER: json.dumps(prior.order)})


def load_prior(folder: Path, data: SurveyData, n_classes: int) -> SurveyPrior | None:
    """Read what a model's folder expects in a survey.

    Returns
    -------
    SurveyPrior or None
        None where nothing is kept, or it was kept for a survey of another shape.

    Raises
    ------
    ModelError
        If the file is damaged.
    """
    path = _path(folder, data.key)
    try:
        with safe_open(path, framework="np") as file:
            samples, spread = (file.get_tensor(name) for name in (SAMPLES, SPREAD))
            order = tuple(int(code) for code in json.loads(file.metadata()[ORDER]))
        if sorted(order) != [*range(1, n_classes + 1)] or samples.shape != spread.shape:
            raise ValueError(f"order {order}, shapes {samples.shape} and {spread.shape}")
    except FileNotFoundError:
        return None
    except UNREADABLE as error:
        raise ModelError(
            f"{path}: cannot be read ({on_one_line(error)}). Train the model again."
        ) from error
    if samples.shape != (n_classes - 1, *data.shape[:2]):
        return None
    return SurveyPrior(Surfaces(samples, spread), order)


def _path(folder: Path, key: str) -> Path:
    return folder / PRIORS / f"{key}.safetensors"
