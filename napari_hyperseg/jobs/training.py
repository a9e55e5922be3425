"""The training job: optimiser steps, held-out scores, checkpoints, and live prediction.

One piece of work at a time (a step, a box), so that a command waits for one piece only.
"""

from __future__ import annotations

import time

from napari_hyperseg.errors import LabelError
from napari_hyperseg.jobs.beginning import begin_training, labelled
from napari_hyperseg.jobs.commands import LookAt, UseChangedLabels
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import (
    CheckpointSaved,
    JobFinished,
    JobStarted,
    JobWarned,
    LabelsRead,
    StepFinished,
)
from napari_hyperseg.jobs.expecting import Expectations
from napari_hyperseg.jobs.inputs import open_stores, open_surveys
from napari_hyperseg.jobs.live import Live
from napari_hyperseg.jobs.predicting import carry_out, count_parameters, make_sweep
from napari_hyperseg.jobs.runner import Clock, Emit, Obedience
from napari_hyperseg.jobs.scoring import Scoring
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.team import call_off, gather, why_it_ended
from napari_hyperseg.learn.checkpoint import save_checkpoint
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.device import choose_device
from napari_hyperseg.learn.meeting import Meeting
from napari_hyperseg.learn.plan import prediction_voxels
from napari_hyperseg.learn.processes import Leader
from napari_hyperseg.learn.schedule import Course
from napari_hyperseg.learn.team import Team, TeamError

CHECKPOINT_EVERY_S = 20.0


def run_training(
    spec: JobSpec, emit: Emit, control: Control, meeting: Meeting | None = None
) -> None:
    """Train until the specification's limit, or until stopped.

    Parameters
    ----------
    spec : JobSpec
    emit : callable
    control : Control
    meeting : Meeting, optional
        Where this process leads others that share the batches.

    Raises
    ------
    HypersegError
        If an input cannot be used.
    TeamError
        If one of the others is gone; what was learnt before is saved.
    """
    try:
        job = TrainingJob(spec, emit, control, meeting)
    except BaseException:
        if meeting is not None:
            call_off(meeting)
        raise
    job.train()
    job.finish()


class TrainingJob:
    """A training job under way."""

    def __init__(
        self, spec: JobSpec, emit: Emit, control: Control, meeting: Meeting | None = None
    ) -> None:
        self.spec = spec
        self.emit = emit
        self.device = choose_device(spec.device)
        self.surveys = open_surveys(spec)
        self.clock = Clock()
        self.expectations = Expectations(spec, self.surveys.values(), self.clock, emit)
        self.meeting = meeting
        leader = None if meeting is None else Leader(meeting, self.device, slabs=spec.slabs)
        self.team = leader or Team()
        self.trainer = begin_training(spec, list(self.surveys.values()), self.device, self.team)
        for key, survey in self.surveys.items():
            survey.basis = self.trainer.model.revisions.get(key)
        if spec.live:
            open_stores(self.surveys.values(), spec.n_classes)
        if leader is not None:
            gather(leader, spec.surveys, self.trainer.model)
        self._tell_start()
        self.scoring = Scoring(self.clock, emit, spec.order)
        self.live = self._make_live()
        self.obedience = Obedience(
            control, emit, self.clock, self._look_at, self._read_changed_labels
        )
        self._next_checkpoint_s = CHECKPOINT_EVERY_S

    def train(self) -> None:
        """Work piece by piece until the limit or "stop"."""
        try:
            self._train()
        except TeamError as error:
            self._save()
            raise TeamError(why_it_ended(self.meeting) or str(error)) from error
        finally:
            self.team.dismiss()

    def _train(self) -> None:
        while self.obedience.obey() and self._fraction() < 1:
            if self.expectations.urgent:
                self._expect()
            elif self.live is not None and self._can_predict(self.live) and self.live.due():
                self._predict_next(self.live)
            elif self.expectations.due():
                self._expect()
            elif self.scoring.under_way:
                self._advance_scoring()
            else:
                self._step()
                self._after_step()

    def finish(self) -> None:
        """Save; unless stopped, score once more and predict everything with the result."""
        self._save()
        if not self.obedience.stopped:
            balance = self.trainer.model.balance
            self._begin_scoring(at_end=True)
            while self.scoring.under_way and self.obedience.obey():
                self._advance_scoring()
            if self.trainer.model.balance != balance:
                self._save()
        if self.live is not None and not self.obedience.stopped:
            self.live.sweep.restart()
            while self.obedience.obey() and self._predict_next(self.live):
                pass
        self.emit(
            JobFinished(
                reason="stopped" if self.obedience.stopped else "done",
                steps=self.trainer.model.step,
                elapsed_s=self.clock.elapsed_s(),
                scores=self.scoring.scores,
                tracked=self.scoring.tracked,
                balance=self.scoring.balance,
            )
        )

    def _labelled(self) -> list[LabelledData]:
        return labelled(list(self.surveys.values()))

    def _make_live(self) -> Live | None:
        sweep = make_sweep(self.spec, self.surveys, self.trainer.model, self.device)
        return Live(sweep, self.clock) if sweep.total else None

    def _tell_start(self) -> None:
        voxels = sum(source.voxels for source in self._labelled())
        held_out = sum(source.held_out_voxels for source in self._labelled())
        alone = self.team.size == 1
        self.emit(
            JobStarted(
                kind="train",
                device=str(self.device) if alone else f"{self.team.size} x {self.device}",
                parameters=count_parameters(self.trainer.model),
                labelled_voxels=voxels,
                training_voxels=voxels - held_out,
                held_out_voxels=held_out,
            )
        )

    def _fraction(self) -> float:
        """Progress of the job, 0 to 1."""
        return Course().progress(*self._done())

    def _done(self) -> tuple[int, int | None, float, float | None]:
        """Steps and seconds, done and in all."""
        spec = self.spec
        return self.trainer.steps_in_run, spec.steps, self.clock.elapsed_s(), spec.minutes

    def _step(self) -> None:
        began = time.monotonic()
        result = self.trainer.step(self.trainer.course.progress(*self._done()))
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
        self._follow_labels()
        for message in self.trainer.warnings:
            self.emit(JobWarned(message=message))
        self.trainer.warnings.clear()
        if self.scoring.due():
            self._begin_scoring()
        if self.clock.elapsed_s() >= self._next_checkpoint_s:
            self._save()
            self._next_checkpoint_s = self.clock.elapsed_s() + CHECKPOINT_EVERY_S

    def _begin_scoring(self, *, at_end: bool = False) -> None:
        model = self.trainer.averaged
        voxels = prediction_voxels(model.net.config, self.device, live=True)
        self.scoring.begin(model, self._labelled(), voxels, at_end=at_end)

    def _advance_scoring(self) -> None:
        balance = self.scoring.advance()
        if balance is not None and balance != self.trainer.model.balance:
            self.trainer.model.balance = balance
            self._predict_anew()

    def _predict_next(self, live: Live) -> bool:
        """Predict one box; False when there is none left."""
        task = live.take()
        if task is None:
            return False
        with live.counted(visible=task.visible):
            carry_out(task, self.trainer.averaged, self.surveys, live.sweep, self.emit)
        return True

    def _can_predict(self, live: Live) -> bool:
        """Whether there is anything to predict with, and would be anything new in it.

        That is a trained network, which learns on, or what is expected, which stays the same.
        """
        stored = [survey for survey in self.surveys.values() if survey.store is not None]
        expected = all(survey.prior is not None for survey in stored)
        if expected and not self.trainer.model.balance:
            return not live.complete
        return expected or self.trainer.model.step > 0

    def _expect(self) -> None:
        """Find one more surface of what is expected."""
        if self.expectations.advance():
            self._follow_labels()
            self._predict_anew()

    def _predict_anew(self) -> None:
        """What was predicted so far is out of date."""
        if self.live is not None:
            self.live.refresh()

    def _follow_labels(self) -> None:
        """Know which labels the predictions rest on from now on."""
        revisions = self.trainer.model.revisions
        for key, survey in self.surveys.items():
            if survey.revision is not None and not self.expectations.lag_behind(key):
                survey.basis = revisions[key] = survey.revision

    def _save(self) -> None:
        course = self.trainer.course.after(self.trainer.steps_in_run, self.clock.elapsed_s())
        ended = self._fraction() >= 1
        save_checkpoint(self.trainer, self.spec.model, Course() if ended else course)
        self.expectations.save(self.spec.model)
        self.emit(CheckpointSaved(step=self.trainer.model.step))

    def _look_at(self, command: LookAt) -> None:
        if self.live is not None:
            self.live.sweep.look_at(command.view)

    def _read_changed_labels(self, command: UseChangedLabels) -> None:
        survey = self.surveys.get(command.survey)
        if survey is None:
            return
        former = survey.labelled, survey.revision
        try:
            survey.read_labels(self.spec, command.revision)
            self.trainer.refresh_labels(self._labelled())
        except LabelError as error:
            survey.labelled, survey.revision = former
            self.emit(JobWarned(message=f"{error} Training goes on with the former labels."))
            return
        self.expectations.begin(command.survey)
        if self.live is not None:
            self.live.complete = False
        voxels = survey.labelled.voxels if survey.labelled is not None else 0
        self.emit(LabelsRead(survey=command.survey, labelled_voxels=voxels))
