"""Where a survey is best labelled next, by the confidence of its newest prediction.

Owns what is expected to be wrong, and its words; which lines would settle it is in
`labels.next_lines`.  Works 64 inlines at a time, a prediction's chunk: it need not fit in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.next_lines import Map, NextLine, next_lines
from napari_hyperseg.project.predictions import open_prediction
from napari_hyperseg.project.row_blocks import row_blocks
from napari_hyperseg.project.training_horizons import carrying_traces

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.geometry import Geometry
    from napari_hyperseg.survey.survey import Volume

COUNT = 5  # lines that are named, unless another number is asked for


def find_next_lines(
    project: Project,
    key: str,
    geometry: Geometry,
    *,
    model: str | None = None,
    count: int = COUNT,
    unwanted: Callable[[], bool] = lambda: False,
) -> tuple[NextLine, ...]:
    """Choose the lines to label next, the one that would settle most first.

    Parameters
    ----------
    project : Project
    key : str
        The survey.
    geometry : Geometry
        The survey's.
    model : str, optional
        Whose prediction to go by; by default the newest.
    count : int
    unwanted : callable
        Asked now and then; once it says so, the search ends with nothing.

    Raises
    ------
    ProjectError
        If nothing of the survey is predicted yet.
    LabelError
        If its labels cannot be read.
    """
    prediction = open_prediction(project, key, model)
    wrong = expected_errors(prediction.facies, prediction.confidence, unwanted)
    if unwanted():
        return ()
    if np.isnan(wrong).all():
        raise ProjectError(f"Nothing of {key} is predicted yet: train, or predict, first.")
    wrong = np.where(np.isnan(wrong), np.nanmean(wrong), wrong)
    wrong[~geometry.live_mask] = 0
    return next_lines(wrong, carrying_traces(project, key), count)


def expected_errors(
    facies: Volume, confidence: Volume, unwanted: Callable[[], bool] = lambda: False
) -> Map:
    """Tell how many samples of each trace are expected to be wrong, going by the confidence.

    Parameters
    ----------
    facies : Volume of uint8, shape (n_inlines, n_crosslines, n_samples)
        Predicted codes; 0 = not predicted.
    confidence : Volume of uint8, same shape
        Per cent.
    unwanted : callable
        Asked now and then; once it says so, the rest is not looked at.

    Returns
    -------
    ndarray of float, shape (n_inlines, n_crosslines)
        NaN where a trace is not predicted.
    """
    n_inlines, n_crosslines, n_samples = facies.shape
    errors = np.full((n_inlines, n_crosslines), np.nan)
    for rows in row_blocks(n_inlines):
        if unwanted():
            break
        known = np.asarray(facies[rows]) > 0
        doubt = np.where(known, 100.0 - np.asarray(confidence[rows], np.float32), 0)
        predicted = known.sum(axis=2)
        there = predicted > 0
        mean = doubt.sum(axis=2)[there] / predicted[there]
        errors[rows][there] = mean / 100 * n_samples
    return errors
