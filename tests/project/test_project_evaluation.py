"""Evaluation: figures made by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.order import codes_of
from napari_hyperseg.project.evaluation import Truth, evaluate
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.predictions import open_prediction
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.survey import Survey

SHAPE = (6, 5, 20)


def layered(top: int) -> np.ndarray:
    codes = np.ones(SHAPE, np.uint8)
    codes[..., top:] = 2
    return codes


def flat(geometry: Geometry, sample: float) -> np.ndarray:
    twt_ms = geometry.start_ms + sample * geometry.sample_interval_ms
    return np.full(geometry.shape[:2], twt_ms)


def test_figures_by_hand(project: Project, survey: Survey, write_prediction):
    prediction = layered(12)
    prediction[0, 0, 5] = 2
    write_prediction(prediction, 2)
    geometry = survey.geometry
    truth = Truth.of(None, {"Top": flat(geometry, 10)}, geometry)
    traces = np.ones(SHAPE[:2], bool)
    traces[:, 4] = False
    result = evaluate(open_prediction(project, "tiny"), truth, traces, geometry)
    assert result.traces == 24
    assert result.facies.pixel_accuracy == pytest.approx(1 - (24 * 2 + 1) / (24 * 20))
    assert result.order_violations == pytest.approx(1 / 24)
    top = result.horizons["Top"]
    assert (top.mae_samples, top.mae_ms) == (2, 8)
    assert (top.within_1, top.within_3, top.coverage) == (0, 1, 1)


@pytest.mark.parametrize("order", [(3, 1, 2), (2, 3, 1), (1, 3, 2)])
def test_codes_say_nothing_of_depth(project: Project, survey: Survey, write_prediction, order):
    """Renamed classes in another order are the same interpretation, and score the same."""
    rng = np.random.default_rng(4)
    ranks = np.sort(rng.integers(1, 4, SHAPE), axis=2).astype(np.uint8)
    ranks[0, 0, 3] = 3
    geometry = survey.geometry
    horizons = {"Top": flat(geometry, 7), "Base": flat(geometry, 13)}
    traces = np.ones(SHAPE[:2], bool)
    found = []
    for model, said in (("20260101-120000", ()), ("20260102-120000", order)):
        write_prediction(codes_of(said)[ranks], 3, model=model)
        prediction = open_prediction(project, "tiny", model)
        truth = Truth.of(None, horizons, geometry, said)
        found.append(evaluate(prediction, truth, traces, geometry).to_json())
    assert found[0].pop("horizons") == found[1].pop("horizons")
    assert found[0] == pytest.approx(found[1])
    assert 0 < found[0]["order_violations"] < 1


def test_json_has_the_promised_shape(project: Project, survey: Survey, write_prediction):
    write_prediction(np.ones(SHAPE, np.uint8), 2)
    geometry = survey.geometry
    truth = Truth.of(None, {"Top": flat(geometry, 10)}, geometry)
    traces = np.ones(SHAPE[:2], bool)
    values = evaluate(open_prediction(project, "tiny"), truth, traces, geometry).to_json()
    assert set(values) == {
        "pixel_accuracy",
        "class_accuracy",
        "mean_iou",
        "fw_iou",
        "order_violations",
        "traces",
        "horizons",
    }
    top = values["horizons"]["Top"]
    assert top == {
        "mae_samples": None,
        "mae_ms": None,
        "within_1": None,
        "within_3": None,
        "coverage": 0.0,
    }
    json.dumps(values, allow_nan=False)


def test_facies_are_the_truth_where_both_are_given(
    project: Project, survey: Survey, write_prediction
):
    write_prediction(layered(10), 2)
    geometry = survey.geometry
    facies = layered(10)
    facies[:3] = 0
    truth = Truth.of(facies, {"Top": flat(geometry, 9)}, geometry)
    traces = np.ones(SHAPE[:2], bool)
    result = evaluate(open_prediction(project, "tiny"), truth, traces, geometry)
    assert (result.facies.pixel_accuracy, result.traces) == (1, 15)
    assert result.horizons["Top"].mae_samples == 1


def test_horizons_must_delimit_the_classes(project: Project, survey: Survey, write_prediction):
    write_prediction(layered(10), 3)
    geometry = survey.geometry
    truth = Truth.of(None, {"Top": flat(geometry, 9)}, geometry)
    with pytest.raises(LabelError, match="1 horizons make 2 intervals"):
        evaluate(open_prediction(project, "tiny"), truth, np.ones(SHAPE[:2], bool), geometry)


def test_a_truth_is_needed_where_the_traces_are(project: Project, survey: Survey, write_prediction):
    write_prediction(layered(10), 2)
    geometry = survey.geometry
    with pytest.raises(LabelError, match="Nothing to compare"):
        Truth.of(None, {}, geometry)
    truth = Truth.of(np.zeros(SHAPE, np.uint8), {}, geometry)
    with pytest.raises(LabelError, match="No trace"):
        evaluate(open_prediction(project, "tiny"), truth, np.ones(SHAPE[:2], bool), geometry)


def test_blocks_do_not_change_the_figures(
    project: Project, survey: Survey, write_prediction, monkeypatch: pytest.MonkeyPatch
):
    rng = np.random.default_rng(2)
    write_prediction(rng.integers(1, 3, SHAPE).astype(np.uint8), 2)
    geometry = survey.geometry
    truth = Truth.of(None, {"Top": flat(geometry, 9)}, geometry)
    traces = rng.random(SHAPE[:2]) > 0.3
    prediction = open_prediction(project, "tiny")
    whole = evaluate(prediction, truth, traces, geometry)
    monkeypatch.setattr("napari_hyperseg.project.row_blocks.BLOCK", 4)
    assert evaluate(prediction, truth, traces, geometry) == whole
