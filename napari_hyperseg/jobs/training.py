"""The training job: optimiser steps, held-out scores, checkpoints, and live prediction.

One piece of work at a time (a step, a box), so that a command waits for one piece only.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable

import torch

from napari_hyperseg.errors import LabelError
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import (
    CheckpointSaved,
    JobFinished,
    JobStarted,
    JobWarned,
    LabelsRead,
    Scores,
    StepFinished,
    ValidationFinished,
)
from napari_hyperseg.jobs.inputs import open_surveys
from napari_hyperseg.jobs.live import Live
from napari_hyperseg.jobs.predicting import carry_out, count_parameters, make_sweep
from napari_hyperseg.jobs.runner import Clock, Emit, Obedience
from napari_hyperseg.jobs.spec import JobSpec, LookAt, UseChangedLabels
from napari_hyperseg.learn.checkpoint import TRAINING, restore_checkpoint, save_checkpoint
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.device import choose_device, prediction_voxels
from napari_hyperseg.learn.fresh import new_model
from napari_hyperseg.learn.model import load_model
from napari_hyperseg.learn.trainer import Trainer
from napari_hyperseg.learn.validation import Validation

CHECKPOINT_EVERY_S = 20.0
VALIDATION_EVERY_S = 15.0
VALIDATION_SHARE = 0.1  # of the time, at most


def run_training(spec: JobSpec, emit: Emit, control: Control) -> None:
    """Train until the specification's limit, or until stopped.

    Raises
    ------
    HypersegError
        If an input cannot be used.
    """
    job = TrainingJob(spec, emit, control)
    job.train()
    job.finish()


class TrainingJob:
    """A training job under way."""

    def __init__(self, spec: JobSpec, emit: Emit, control: Control) -> None:
        self.spec = spec
        self.emit = emit
        self.surveys = open_surveys(spec)
        self.device = choose_device(spec.device)
        self.trainer = self._make_trainer()
        self.scores: Scores | None = None
        self._validation: Validation | None = None
        self._validation_s = 0.0
        self._next_validation_s = VALIDATION_EVERY_S
        self._next_checkpoint_s = CHECKPOINT_EVERY_S
        self._tell_start()
        self.clock = Clock()
        self.live = Live(self._sweep(), self.clock) if spec.live else None
        self.obedience = Obedience(
            control, emit, self.clock, self._look_at, self._read_changed_labels
        )

    def train(self) -> None:
        """Work piece by piece until the limit or "stop"."""
        while self.obedience.obey() and self._fraction() < 1:
            if self._validation is not None:
                self._timed(self._advance_validation)
            elif self.live is not None and self.live.due():
                self._predict_next()
            else:
                self._step()
                self._after_step()

    def finish(self) -> None:
        """Save; unless stopped, score once more and predict everything with the result."""
        self._save()
        if not self.obedience.stopped:
            self._finish_scores()
        if self.live is not None and not self.obedience.stopped:
            self.live.sweep.restart()
            while self.obedience.obey() and self._predict_next():
                pass
        self.emit(
            JobFinished(
                reason="stopped" if self.obedience.stopped else "done",
                steps=self.trainer.model.step,
                elapsed_s=self.clock.elapsed_s(),
                scores=self.scores,
            )
        )

    def _make_trainer(self) -> Trainer:
        spec = self.spec
        torch.manual_seed(spec.seed)
        going_on = (spec.model / TRAINING).exists()
        if going_on:
            model = load_model(spec.model, self.device)
        else:
            geometries = [survey.data.geometry for survey in self.surveys.values()]
            model = new_model(geometries, spec.n_classes, spec.network, self.device)
        trainer = Trainer(model, self._labelled(), self.device, spec.seed + model.step)
        if going_on:
            restore_checkpoint(trainer, spec.model)
        return trainer

    def _labelled(self) -> list[LabelledData]:
        return [s.labelled for s in self.surveys.values() if s.labelled is not None]

    def _sweep(self):
        return make_sweep(self.spec, self.surveys, self.trainer.model, self.device)

    def _tell_start(self) -> None:
        voxels = sum(source.voxels for source in self._labelled())
        held_out = sum(source.held_out_voxels for source in self._labelled())
        self.emit(
            JobStarted(
                kind="train",
                device=str(self.device),
                parameters=count_parameters(self.trainer.model),
                labelled_voxels=voxels,
                training_voxels=voxels - held_out,
                held_out_voxels=held_out,
            )
        )

    def _fraction(self) -> float:
        """Progress of the run, 0 to 1."""
        spec, done = self.spec, 0.0
        if spec.steps is not None:
            done = self.trainer.steps_in_run / spec.steps
        if spec.minutes is not None:
            done = max(done, self.clock.elapsed_s() / (60 * spec.minutes))
        return min(done, 1.0)

    def _step(self) -> None:
        began = time.monotonic()
        result = self.trainer.step(self._fraction())
        seconds = time.monotonic() - began
        fraction, elapsed = self._fraction(), self.clock.elapsed_s()
        self.emit(
            StepFinished(
                step=self.trainer.model.step,
                loss=result.loss,
                accuracy=result.accuracy,
                voxels_per_second=result.voxels / max(seconds, 1e-9),
                elapsed_s=elapsed,
                remaining_s=elapsed * (1 - fraction) / fraction if fraction else None,
                fraction=fraction,
            )
        )

    def _after_step(self) -> None:
        elapsed = self.clock.elapsed_s()
        if elapsed >= self._next_validation_s:
            self._begin_validation()
        if elapsed >= self._next_checkpoint_s:
            self._save()
            self._next_checkpoint_s = self.clock.elapsed_s() + CHECKPOINT_EVERY_S

    def _begin_validation(self) -> None:
        frozen = copy.deepcopy(self.trainer.averaged)
        voxels = prediction_voxels(self.device, frozen.net.config.width)
        self._validation = Validation(frozen, self._labelled(), voxels)
        self._validation_s = 0.0

    def _advance_validation(self) -> None:
        assert self._validation is not None
        if not self._validation.finished:
            self._validation.advance()
            return
        scores, self._validation = self._validation.scores(), None
        pause = max(VALIDATION_EVERY_S, self._validation_s / VALIDATION_SHARE)
        self._next_validation_s = self.clock.elapsed_s() + pause
        if scores.voxels:
            self.scores = Scores(**vars(scores))
            step, elapsed = self.trainer.model.step, self.clock.elapsed_s()
            self.emit(ValidationFinished(step=step, elapsed_s=elapsed, scores=self.scores))

    def _finish_scores(self) -> None:
        self._begin_validation()
        while self._validation is not None and self.obedience.obey():
            self._advance_validation()

    def _timed(self, work: Callable[[], None]) -> None:
        began = time.monotonic()
        work()
        self._validation_s += time.monotonic() - began

    def _predict_next(self) -> bool:
        """Predict one box; False when there is none left."""
        assert self.live is not None
        task = self.live.take()
        if task is None:
            return False
        with self.live.counted():
            carry_out(task, self.trainer.averaged, self.surveys, self.live.sweep, self.emit)
        return True

    def _save(self) -> None:
        save_checkpoint(self.trainer, self.spec.model)
        self.emit(CheckpointSaved(step=self.trainer.model.step))

    def _look_at(self, command: LookAt) -> None:
        if self.live is not None:
            self.live.sweep.look_at(command.view)

    def _read_changed_labels(self, command: UseChangedLabels) -> None:
        survey = self.surveys.get(command.survey)
        if survey is None or survey.labelled is None:
            return
        survey.labelled.refresh()
        try:
            self.trainer.refresh_labels(self._labelled())
        except LabelError as error:
            self.emit(JobWarned(message=f"{error} Training goes on with the former labels."))
            return
        voxels = (
            survey.labelled.training_counts[1:].sum() + survey.labelled.held_out_counts[1:].sum()
        )
        self.emit(LabelsRead(survey=command.survey, labelled_voxels=int(voxels)))
