"""What a report tells: a survey, its labels, a training, and its prediction, read from disk.

Owns which files are looked at, and that none of them is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.jobs.events import METRICS
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.lines import unlabelled_traces
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.origins import Origins, read_origins
from napari_hyperseg.project.boundary_maps import BoundaryMap, Progress, boundary_maps
from napari_hyperseg.project.evaluation import Evaluation, Truth, evaluate
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.label_age import label_revisions, outdated_share
from napari_hyperseg.project.label_counting import CountedLabels, LabelCounting
from napari_hyperseg.project.predictions import Prediction, open_prediction
from napari_hyperseg.project.quality import NOT_LAYERED, why_no_boundaries
from napari_hyperseg.project.row_blocks import row_blocks
from napari_hyperseg.project.training_horizons import carrying_traces
from napari_hyperseg.project.training_record import RecordReader, TrainingRecord
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.survey import Survey


@dataclass(frozen=True, eq=False)
class Subject:
    """What is reported on.

    Parameters
    ----------
    project : Project
    key : str
        Of the survey.
    survey : Survey
    labels : CountedLabels
    record : TrainingRecord
        Of the model that made the prediction; empty where its files are gone.
    prediction : Prediction
    predicted : float
        Share of the samples on live traces that are predicted.
    origins : Origins
        How its boxes were made.
    outdated : float
        Share of what is predicted that is older than the labels.
    order : tuple of int
        The prediction's codes, from top to bottom.
    maps : list of BoundaryMap
        Of the boundaries between them; none where classes are known not to be layered.
    evaluation : Evaluation or None
        Beside a truth, if one is given.
    """

    project: Project
    key: str
    survey: Survey
    labels: CountedLabels
    record: TrainingRecord
    prediction: Prediction
    predicted: float
    origins: Origins
    outdated: float
    order: Order
    maps: list[BoundaryMap]
    evaluation: Evaluation | None

    @property
    def geometry(self) -> Geometry:
        """The survey's."""
        return self.survey.geometry

    @property
    def legend(self) -> Legend:
        """The project's, with all classes of the prediction."""
        return self.project.legend.grown_to(self.prediction.n_classes)


def gather(
    project: Project,
    key: str,
    model: str | None = None,
    truth_of: Callable[[Survey], Truth] | None = None,
    progress: Progress = lambda done, total: None,
) -> Subject:
    """Read what there is to report.

    Parameters
    ----------
    project : Project
    key : str
        Of the survey.
    model : str, optional
        By default the newest that predicted the survey.
    truth_of : callable, optional
        Gives what the prediction is compared with, where no line carries labels.
    progress : callable, optional
        Told how many of how many inlines of the prediction are read.

    Raises
    ------
    HypersegError
        If there is no trained model, no prediction, or a file cannot be read.
    """
    project.find_model(model)
    prediction = open_prediction(project, key, model)
    survey = project.open_survey(key)
    origins = read_origins(prediction.path, survey.geometry.shape)
    record = RecordReader(project.model_folder(prediction.model) / METRICS).read()
    order = project.legend.order(prediction.n_classes)
    layered = why_no_boundaries(record.last_scores) != NOT_LAYERED
    return Subject(
        project=project,
        key=key,
        survey=survey,
        labels=LabelCounting().count(project, key),
        record=record,
        prediction=prediction,
        predicted=_predicted(prediction, survey.geometry),
        origins=origins,
        outdated=outdated_share(origins, label_revisions(project, key)),
        order=order,
        maps=boundary_maps(prediction, order, progress=progress) if layered else [],
        evaluation=_compared(project, key, prediction, survey, truth_of),
    )


def _predicted(prediction: Prediction, geometry: Geometry) -> float:
    done = 0
    for rows in row_blocks(geometry.shape[0]):
        codes = np.asarray(prediction.facies[rows])
        done += int(np.count_nonzero(codes[geometry.live_mask[rows]]))
    total = int(geometry.live_mask.sum()) * geometry.n_samples
    if not done:
        raise ProjectError(
            f"The prediction by {prediction.model} is empty. Run 'hyperseg predict' first."
        )
    return done / total


def _compared(
    project: Project,
    key: str,
    prediction: Prediction,
    survey: Survey,
    truth_of: Callable[[Survey], Truth] | None,
) -> Evaluation | None:
    if truth_of is None:
        return None
    traces = unlabelled_traces(carrying_traces(project, key), survey.geometry.live_mask)
    return evaluate(prediction, truth_of(survey), traces, survey.geometry)
