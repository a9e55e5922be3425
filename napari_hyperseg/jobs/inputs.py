"""Opening what a job names: surveys, labels, prediction stores."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.jobs.sharing import open_shared_source, sent_boxes
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.order import Order, order_of
from napari_hyperseg.labels.picks import picked_times, read_picks
from napari_hyperseg.labels.survey_labels import SurveyLabels
from napari_hyperseg.learn.data import LabelledData, SurveyData
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.prior import SurveyPrior
from napari_hyperseg.learn.sent_boxes import SentBoxes
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.survey import Survey


@dataclass(eq=False)
class JobSurvey:
    """One survey of a job.

    Parameters
    ----------
    source : SurveyInput
        What the specification says of it.
    data : SurveyData
        Its amplitudes.
    labelled : LabelledData or None
        Its labels, to learn from; None where nothing is labelled, and in a prediction.
    known : SurveyLabels or None
        Its labels in a prediction, which learns nothing from them.
    prior : SurveyPrior or None
        What is expected in it; None where nothing is.
    store : PredictionStore, SentBoxes or None
        Its prediction; None where none is wanted, and before `open_stores`.
    revision : int or None
        Of the labels that were read last; None: not known.
    basis : int or None
        Revision of the labels that a prediction rests on; None: on none of the survey.
    usual_distance : float or None
        Of traces without labels from labels, in traces, where others than its own count.
    deepest : int
        Rank of the deepest class that labels of the job tell of.
    """

    source: SurveyInput
    data: SurveyData
    labelled: LabelledData | None = None
    known: SurveyLabels | None = None
    prior: SurveyPrior | None = None
    store: PredictionStore | SentBoxes | None = None
    revision: int | None = None
    basis: int | None = None
    usual_distance: float | None = None
    deepest: int = 0

    def read_labels(self, spec: JobSpec, revision: int | None = None) -> None:
        """Open the labels as they are now, at a revision.

        Raises
        ------
        LabelError
            If they cannot be read or do not fit the survey; the former ones stay.
        """
        labels = self.open_labels(order_of(spec.order, spec.n_classes))
        self.revision = revision
        if labels.facies is None and labels.picks is None:
            return
        if any(source.horizons for source in spec.surveys):
            self.deepest = max(self.deepest, labels.in_use())
            labels = replace(labels, deepest=self.deepest)
        former = self.labelled
        side = former.side if former is not None and former.held_out.any() else 0
        expected = former.held_out_prior if former is not None else None
        self.labelled = LabelledData(
            self.data,
            labels,
            spec.seed,
            side=side,
            held_out_prior=expected,
            usual_distance=self.usual_distance,
        )

    @property
    def labels(self) -> SurveyLabels | None:
        """What a prediction of the survey keeps to; None before it is read."""
        return self.known if self.labelled is None else self.labelled.labels

    def origin(self, model: Model) -> Origin:
        """What makes a box that this model predicts now."""
        return Origin(model.step, self.basis, None if self.prior is None else model.balance)

    def tell_deepest(self, deepest: int) -> None:
        """Know how deep the classes of all surveys reach."""
        if self.labelled is not None and deepest != self.deepest:
            self.labelled.labels = replace(self.labelled.labels, deepest=deepest)
            self.labelled.refresh()
        self.deepest = deepest

    def open_labels(self, order: Order) -> SurveyLabels:
        """Open the labels as they are now.

        Parameters
        ----------
        order : tuple of int
            All codes from top to bottom.

        Raises
        ------
        LabelError
            If they cannot be read or do not fit the survey.
        """
        path, shape = self.source.facies, self.data.shape
        facies = None
        if path is not None and path.exists():
            facies = FaciesLabels.open(path, writable=False, shape=shape)
        return SurveyLabels(shape, order, facies, self._picks(order))

    def _picks(self, order: Order) -> NDArray[np.float32] | None:
        """First samples below the boundaries that are horizons, where they are picked."""
        geometry = self.data.geometry
        found = np.full((len(order) - 1, *self.data.shape[:2]), np.nan, np.float32)
        for horizon in self.source.horizons:
            picks = read_picks(horizon.times, horizon.kinds, self.data.shape[:2])
            if picks is not None and horizon.above in order[:-1]:
                samples = geometry.sample_position(picked_times(*picks))
                outside = (samples < 0) | (samples > geometry.n_samples)
                found[order.index(horizon.above)] = np.where(outside, np.nan, samples)
        return found if np.isfinite(found).any() else None


def open_surveys(spec: JobSpec) -> dict[str, JobSurvey]:
    """Open the surveys of a job, by key, and the labels that a training needs.

    Raises
    ------
    HypersegError
        If a file cannot be read or does not fit its survey.
    """
    surveys = {source.key: _open(source) for source in spec.surveys}
    if spec.kind == "train":
        for survey in surveys.values():
            survey.read_labels(spec, survey.source.revision)
        deepest = max(survey.deepest for survey in surveys.values())
        for survey in surveys.values():
            survey.tell_deepest(deepest)
    return surveys


def open_stores(surveys: Iterable[JobSurvey], n_classes: int, *, order: Order = ()) -> None:
    """Open the predictions to fill; an empty one replaces one of another legend.

    Those of surveys that are shared are somewhere else: their boxes are sent there.
    """
    for survey in surveys:
        path, elsewhere = survey.source.prediction, sent_boxes(survey.source)
        if elsewhere is not None:
            survey.store = SentBoxes(elsewhere)
        elif path is not None:
            survey.store = PredictionStore.open_or_create(
                path, survey.data.shape, n_classes, order=order
            )


def open_source(source: SurveyInput) -> Survey:
    """Open a survey: its SEG-Y file, or what is shared of it.

    Raises
    ------
    SurveyError, SharedFolderError
        If it cannot be read.
    """
    if source.shared is not None:
        return open_shared_source(source, source.shared)
    kept = None if source.volumes is None else Kept(source.volumes, source.key)
    return open_survey(source.segy, source.reading, kept=kept)


def _open(source: SurveyInput) -> JobSurvey:
    return JobSurvey(source, SurveyData(source.key, open_source(source)))
