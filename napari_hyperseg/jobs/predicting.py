"""The prediction job: every survey of the specification, box by box, with one model."""

from __future__ import annotations

from dataclasses import replace

import torch

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import BlockPredicted, JobFinished, JobStarted, JobWarned
from napari_hyperseg.jobs.inputs import JobSurvey, open_stores, open_surveys
from napari_hyperseg.jobs.runner import Clock, Emit, Obedience
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.sweep import Sweep, Task
from napari_hyperseg.labels.order import order_of
from napari_hyperseg.learn.boxes import halves, size
from napari_hyperseg.learn.device import choose_device
from napari_hyperseg.learn.memory import is_out_of_memory
from napari_hyperseg.learn.model import Model, load_model
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.plan import SMALLEST_BATCH, prediction_voxels
from napari_hyperseg.learn.predictor import predict_box
from napari_hyperseg.learn.prior_file import load_prior


def run_prediction(spec: JobSpec, emit: Emit, control: Control) -> None:
    """Fill the prediction stores.

    Raises
    ------
    HypersegError
        If an input cannot be used.
    """
    device = choose_device(spec.device)
    model = load_model(spec.model, device)
    surveys = open_surveys(spec)
    for survey in surveys.values():
        survey.prior = load_prior(spec.model, survey.data, model.n_classes)
        survey.known = survey.open_labels(order_of(spec.order, model.n_classes))
        survey.basis = model.revisions.get(survey.source.key)
    order = order_of(spec.order, model.n_classes) if spec.probabilities else ()
    open_stores(surveys.values(), model.n_classes, order=order)
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
    try:
        predicted = predict_box(
            model,
            survey.data,
            task.box,
            order=survey.store.order,
            prior=survey.prior,
            labels=survey.labels,
        )
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        _carry_out_in_halves(task, model, surveys, sweep, emit, error)
        return
    balance = None if survey.prior is None else model.balance
    origin = Origin(model.step, survey.basis, balance)
    survey.store.write(task.box, *predicted, origin=origin)
    emit(
        BlockPredicted(
            survey=task.survey,
            box=task.box,
            **origin._asdict(),
            done=sweep.done,
            total=sweep.total,
            visible=task.visible,
        )
    )


def _carry_out_in_halves(
    task: Task,
    model: Model,
    surveys: dict[str, JobSurvey],
    sweep: Sweep,
    emit: Emit,
    error: BaseException,
) -> None:
    """Memory was short: predict one half of the box, then the other."""
    voxels = size(task.box)
    if voxels < SMALLEST_BATCH:
        raise JobError(
            f"There is not enough memory to predict {voxels} voxels at once. "
            "Close other programs, or predict on a machine with more memory."
        ) from error
    emit(JobWarned(message=f"Memory ran out on a box of {voxels} voxels: it is cut in halves."))
    for half in halves(task.box):
        carry_out(replace(task, box=half), model, surveys, sweep, emit)


def count_parameters(model: Model) -> int:
    """Number of trained numbers."""
    return sum(parameter.numel() for parameter in model.net.parameters())
