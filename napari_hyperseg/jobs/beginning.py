"""How a training job begins: with a new model, or where a former training ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import torch

from napari_hyperseg.errors import ModelError
from napari_hyperseg.jobs.inputs import JobSurvey
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.learn.checkpoint import TRAINING, restore_checkpoint
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.fresh import new_model
from napari_hyperseg.learn.model import WEIGHTS, Model, load_model
from napari_hyperseg.learn.trainer import Trainer

logger = logging.getLogger(__name__)


def begin_training(
    spec: JobSpec, surveys: Sequence[JobSurvey], device: torch.device, *, prior: bool = False
) -> Trainer:
    """Make the trainer of a job.

    Parameters
    ----------
    spec : JobSpec
        If its model's folder holds weights, training goes on from them.
    surveys : sequence of JobSurvey
    device : torch.device
    prior : bool
        Whether a new model is told what is expected.

    Raises
    ------
    HypersegError
        If fewer than two classes are labelled, or the saved model cannot be continued.
    """
    torch.manual_seed(spec.seed)
    goes_on = (spec.model / WEIGHTS).exists()
    warnings: list[str] = []
    if goes_on:
        model = _saved_model(spec, device)
    else:
        geometries = [survey.data.geometry for survey in surveys]
        model = new_model(
            geometries, spec.n_classes, spec.network, device, warnings.append, prior=prior
        )
    _hold_out_the_same(model, labelled(surveys))
    trainer = Trainer(model, labelled(surveys), device, spec.seed + model.step, spec.mode)
    trainer.warnings += warnings
    if goes_on and (spec.model / TRAINING).exists():
        restore_checkpoint(trainer, spec.model)
    elif goes_on:
        logger.info("%s: has weights alone; the optimiser starts anew.", spec.model)
    return trainer


def labelled(surveys: Sequence[JobSurvey]) -> list[LabelledData]:
    """Return the labels of the surveys that have any."""
    return [survey.labelled for survey in surveys if survey.labelled is not None]


def _hold_out_the_same(model: Model, surveys: Sequence[LabelledData]) -> None:
    """Labels that a former training did not see are not seen by this one either."""
    for labels in surveys:
        side = model.sides.get(labels.data.key)
        if side:
            labels.side = side
            labels.refresh()
        if labels.held_out.any():
            model.sides[labels.data.key] = labels.side


def _saved_model(spec: JobSpec, device: torch.device) -> Model:
    model = load_model(spec.model, device)
    if model.n_classes != spec.n_classes:
        raise ModelError(
            f"{spec.model}: the model has {model.n_classes} classes, the labels have "
            f"{spec.n_classes}. Train a new model."
        )
    return model
