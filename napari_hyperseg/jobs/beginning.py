"""How a training job begins: with a new model, that of another survey, or where one ended."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from napari_hyperseg.errors import ModelError
from napari_hyperseg.jobs.inputs import JobSurvey
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.learn.card import WEIGHTS
from napari_hyperseg.learn.checkpoint import TRAINING, restore_checkpoint
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.fresh import new_model
from napari_hyperseg.learn.model import Model, load_model
from napari_hyperseg.learn.model_file import read_model_file
from napari_hyperseg.learn.penalties import Penalties, ShareBounds
from napari_hyperseg.learn.team import Team
from napari_hyperseg.learn.trainer import Trainer
from napari_hyperseg.learn.transfer import transferred

logger = logging.getLogger(__name__)


def begin_training(
    spec: JobSpec,
    surveys: Sequence[JobSurvey],
    device: torch.device,
    team: Team | None = None,
) -> Trainer:
    """Make the trainer of a job.

    Parameters
    ----------
    spec : JobSpec
        If its model's folder holds weights, training goes on from them; else a new model
        begins, with the weights of another one if it names one.
    surveys : sequence of JobSurvey
    device : torch.device
    team : Team, optional
        Who shares the batches.

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
    elif spec.begin_with is not None:
        model = _transferred(spec, spec.begin_with, surveys, device, warnings.append)
    else:
        geometries = [survey.data.geometry for survey in surveys]
        model = new_model(geometries, spec.n_classes, spec.network, device, warnings.append)
    _hold_out_the_same(model, labelled(surveys))
    penalties = Penalties(
        spec.smoothness,
        tuple(ShareBounds(one.code, one.least, one.most) for one in spec.shares),
    )
    trainer = Trainer(model, labelled(surveys), device, spec.seed, spec.mode, penalties, team)
    trainer.warnings += warnings
    if goes_on and (spec.model / TRAINING).exists():
        restore_checkpoint(trainer, spec.model)
    elif goes_on:
        logger.info("%s: has weights alone; the optimiser starts anew.", spec.model)
    return trainer


def labelled(surveys: Sequence[JobSurvey]) -> list[LabelledData]:
    """Return the labels of the surveys that have any."""
    return [survey.labelled for survey in surveys if survey.labelled is not None]


def _transferred(
    spec: JobSpec,
    begin_with: Path,
    surveys: Sequence[JobSurvey],
    device: torch.device,
    warn: Callable[[str], None],
) -> Model:
    """The other model's weights, in a new model for these classes and surveys."""
    geometries = [survey.data.geometry for survey in surveys]
    if begin_with.is_dir():
        return transferred(load_model(begin_with, device), spec.n_classes, geometries, warn)
    with TemporaryDirectory(prefix="hyperseg-") as folder:
        read_model_file(begin_with, Path(folder))
        return transferred(load_model(Path(folder), device), spec.n_classes, geometries, warn)


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
