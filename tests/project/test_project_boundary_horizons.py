"""Horizons out of a prediction: left open where unsure, moved to events of the traces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zarr

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.project.boundary_horizons import (
    BoundaryHorizon,
    boundary_horizons,
    snapped,
)
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizon_plans import plan_horizons
from napari_hyperseg.project.predictions import open_prediction
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.survey import Survey

SHAPE = (6, 5, 20)


def layered(*tops: int) -> np.ndarray:
    codes = np.ones(SHAPE, np.uint8)
    for top in tops:
        codes[..., top:] += 1
    return codes


@pytest.fixture
def predicted(project: Project, write_prediction) -> Project:
    """Boundaries at samples 5 and 11, hardly sure on inline 10."""
    path = write_prediction(layered(5, 11), 3)
    zarr.open_group(path, mode="r+")["confidence"][0] = 51
    return project


def test_unsure_traces_are_left_open(predicted: Project, survey: Survey):
    prediction = open_prediction(predicted, "tiny")
    upper, _ = boundary_horizons(prediction, (1, 2, 3), survey.geometry)
    assert np.isnan(upper.values[0]).all()
    assert np.isnan(upper.sure[0]).all()
    assert np.isfinite(upper.values[1:]).all()
    everywhere, _ = boundary_horizons(prediction, (1, 2, 3), survey.geometry, 0)
    assert np.isfinite(everywhere.values).all()
    assert everywhere.sure[0].max() < 0.2 < everywhere.sure[1].min()


class Waves:
    """A survey whose traces have a peak at sample 7.25 and a trough far below."""

    def __init__(self, survey: Survey) -> None:
        self.geometry = survey.geometry
        at = np.arange(SHAPE[2])
        trace = np.exp(-((at - 7.25) ** 2) / 4) - np.exp(-((at - 16) ** 2) / 4)
        self.volume = np.broadcast_to(trace.astype(np.float32), SHAPE)


def flat(survey: Survey, sample: float) -> BoundaryHorizon:
    geometry = survey.geometry
    values = np.full(SHAPE[:2], geometry.start_ms + sample * geometry.sample_interval_ms)
    values[2, 2] = np.nan
    return BoundaryHorizon(values, np.ones_like(values))


def test_horizons_move_to_an_event_that_is_near(survey: Survey):
    near, far, free = flat(survey, 6), flat(survey, 4), flat(survey, 6)
    events = (Event.PEAK, Event.PEAK, Event.NONE)
    found = snapped((near, far, free), events, Waves(survey))
    peak = survey.geometry.start_ms + 7.25 * survey.geometry.sample_interval_ms
    assert np.nanmax(abs(found[0].values - peak)) < 0.1 * survey.geometry.sample_interval_ms
    assert np.array_equal(found[1].values, far.values, equal_nan=True)  # 3.25 samples off
    assert np.array_equal(found[2].values, free.values, equal_nan=True)
    assert np.isnan(found[0].values[2, 2])
    assert np.array_equal(near.values, flat(survey, 6).values, equal_nan=True)


def test_what_is_planned_is_written(predicted: Project, survey: Survey, tmp_path: Path):
    planned = plan_horizons(predicted, "tiny", snaps=["peak", "Class 2 - Class 3=trough"])
    assert planned.events == (Event.PEAK, Event.TROUGH)
    paths = planned.write(tmp_path / "out", "opendtect")
    read = read_horizon_file(paths[0], survey.geometry).values
    assert np.isnan(read[0]).all()
    assert np.isfinite(read[1:]).all()


@pytest.mark.parametrize("said", ["crest", "Base=crest", "Base=", "", "Nowhere=peak", "=peak="])
def test_an_event_that_is_none_is_one_clear_line(predicted: Project, said: str):
    with pytest.raises(HorizonError) as refused:
        plan_horizons(predicted, "tiny", snaps=[said])
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith(f"--snap {said}: there is no ")
