"""Opening what a job names: surveys, labels, prediction stores."""

from __future__ import annotations

from dataclasses import dataclass

from napari_hyperseg.jobs.spec import JobSpec, SurveyInput
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.learn.data import LabelledData, SurveyData
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.survey.segy import open_survey


@dataclass
class JobSurvey:
    """One survey of a job, opened.

    Parameters
    ----------
    data : SurveyData
    labelled : LabelledData or None
    store : PredictionStore or None
    """

    data: SurveyData
    labelled: LabelledData | None
    store: PredictionStore | None


def open_surveys(spec: JobSpec) -> dict[str, JobSurvey]:
    """Open every survey of a job, by key.

    Raises
    ------
    HypersegError
        If a file cannot be read or does not fit its survey.
    """
    return {source.key: _open(source, spec) for source in spec.surveys}


def _open(source: SurveyInput, spec: JobSpec) -> JobSurvey:
    data = SurveyData(source.key, open_survey(source.segy, source.header_bytes))
    labelled = store = None
    if source.facies is not None and source.facies.exists():
        labels = FaciesLabels.open(source.facies, writable=False, shape=data.shape)
        labelled = LabelledData(data, labels, spec.n_classes, spec.seed)
    if source.prediction is not None:
        store = PredictionStore.open_or_create(source.prediction, data.shape, spec.n_classes)
    return JobSurvey(data, labelled, store)
