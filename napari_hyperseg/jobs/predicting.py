"""The prediction job: every survey of the specification, box by box, with one model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import BlockPredicted, JobFinished, JobStarted, JobWarned
from napari_hyperseg.jobs.inputs import JobSurvey, open_stores, open_surveys
from napari_hyperseg.jobs.runner import Clock, Emit, Obedience
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.sweep import Sweep, Task
from napari_hyperseg.labels.order import Order, order_of
from napari_hyperseg.learn.boxes import halves, size
from napari_hyperseg.learn.device import choose_device
from napari_hyperseg.learn.memory import is_out_of_memory
from napari_hyperseg.learn.model import Model, load_model
from napari_hyperseg.learn.plan import SMALLEST_BATCH, prediction_voxels
from napari_hyperseg.learn.predictor import predict_box
from napari_hyperseg.learn.prior_file import load_prior
from napari_hyperseg.survey.geometry import Box


def run_prediction(spec: JobSpec, emit: Emit, control: Control) -> None:
    """Fill the prediction stores.

    Raises
    ------
    HypersegError
        If an input cannot be used.
    """
    device = choose_device(spec.device)
    model, surveys = open_prediction(spec, device)
    open_stores(surveys.values(), model.n_classes, order=boundary_order(spec, model))
    sweep = make_sweep(spec, surveys, model, device)
    emit(JobStarted(kind="predict", device=str(device), parameters=count_parameters(model)))
    clock = Clock()
    obedience = Obedience(control, emit, clock, lambda c: sweep.look_at(c.view), lambda c: None)
    while obedience.obey() and (task := sweep.take()):
        carry_out(task, model, surveys, sweep, emit)
    if not obedience.stopped:
        for survey in surveys.values():
            if survey.store is not None:
                survey.store.finish()
    emit(
        JobFinished(
            reason="stopped" if obedience.stopped else "done",
            steps=model.step,
            elapsed_s=clock.elapsed_s(),
            voxels=sweep.done,
        )
    )


def open_prediction(spec: JobSpec, device: torch.device) -> tuple[Model, dict[str, JobSurvey]]:
    """Open the model of a prediction, and its surveys by key, without their stores.

    Raises
    ------
    HypersegError
        If an input cannot be used.
    """
    model = load_model(spec.model, device)
    surveys = open_surveys(spec)
    for survey in surveys.values():
        survey.prior = load_prior(spec.model, survey.data, model.n_classes)
        survey.known = survey.open_labels(order_of(spec.order, model.n_classes))
        survey.basis = model.revisions.get(survey.source.key)
    return model, surveys


def boundary_order(spec: JobSpec, model: Model) -> Order:
    """All codes from top to bottom, if the sides of their boundaries are to be stored; else ()."""
    return order_of(spec.order, model.n_classes) if spec.probabilities else ()


def make_sweep(
    spec: JobSpec, surveys: dict[str, JobSurvey], model: Model, device: torch.device
) -> Sweep:
    """Plan to predict all surveys that have a store."""
    shapes = {key: s.data.shape for key, s in surveys.items() if s.store is not None}
    live = spec.live or (spec.kind == "predict" and spec.view is not None)
    return Sweep(shapes, prediction_voxels(model.net.config, device, live), spec.view)


def carry_out(
    task: Task, model: Model, surveys: dict[str, JobSurvey], sweep: Sweep, emit: Emit
) -> None:
    """Predict one box, store it, tell about it."""
    survey = surveys[task.survey]
    assert survey.store is not None

    def warn(message: str) -> None:
        emit(JobWarned(message=message))

    origin = survey.origin(model)
    for box, values in predicted_pieces(model, survey, task.box, survey.store.order, warn):
        survey.store.write(box, *values, origin=origin)
        emit(
            BlockPredicted(
                survey=task.survey,
                box=box,
                **origin._asdict(),
                done=sweep.done,
                total=sweep.total,
                visible=task.visible,
            )
        )


def predicted_pieces(
    model: Model, survey: JobSurvey, box: Box, order: Order, warn: Callable[[str], None]
) -> Iterator[tuple[Box, tuple[NDArray[np.uint8], ...]]]:
    """Predict a box; where memory is short, one half of it, then the other.

    Parameters
    ----------
    model : Model
    survey : JobSurvey
    box : Box
    order : tuple of int
        All codes from top to bottom, where the sides of the boundaries are wanted, too.
    warn : callable
        Takes what the user should know.

    Yields
    ------
    box : Box
    values : tuple of ndarray
        See `predict_box`.

    Raises
    ------
    JobError
        If the memory does not suffice for a small box.
    """
    try:
        values = predict_box(
            model, survey.data, box, order=order, prior=survey.prior, labels=survey.labels
        )
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        _check_halves(size(box), error)
        warn(f"Memory ran out on a box of {size(box)} voxels: it is cut in halves.")
    else:
        yield box, values
        return
    for half in halves(box):
        yield from predicted_pieces(model, survey, half, order, warn)


def _check_halves(voxels: int, error: BaseException) -> None:
    if voxels < SMALLEST_BATCH:
        raise JobError(
            f"There is not enough memory to predict {voxels} voxels at once. "
            "Close other programs, or predict on a machine with more memory."
        ) from error


def count_parameters(model: Model) -> int:
    """Number of trained numbers."""
    return sum(parameter.numel() for parameter in model.net.parameters())
