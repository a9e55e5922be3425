"""The benchmark of accuracy measures what it says, on a survey small enough for a test."""

import json

import numpy as np
import pytest

from benchmarks import accuracy_ours, accuracy_peers
from benchmarks.accuracy_cases import CUBE_LAYOUTS, PENOBSCOT_LAYOUTS, Case, surfaces_of
from benchmarks.accuracy_plot import plot
from benchmarks.accuracy_results import read_rows
from benchmarks.accuracy_scores import calibration_error, layered, score
from benchmarks.accuracy_table import table
from benchmarks.machine import report
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    made = make_synthetic((24, 30, 64), seed=2)
    segy = write_synthetic(made, tmp_path_factory.mktemp("case"), "case")
    return Case("small", "easy", segy, made.amplitude, made.facies)


@pytest.fixture
def labelled(case):
    return CUBE_LAYOUTS["3 lines"](case.volume.shape, 0)


def test_facies_and_surfaces_are_one_another(case):
    surfaces = surfaces_of(case.truth, case.n_classes)
    assert np.array_equal(layered(surfaces, case.volume.shape[2]), case.truth)


def test_the_truth_scores_best(case, labelled):
    figures = score(case, labelled, case.truth)
    assert figures["mean_iou"] == figures["pixel_accuracy"] == figures["within_1"] == 1
    assert figures["horizon_error"] == figures["order_violations"] == 0


def test_labelled_traces_do_not_count(case, labelled):
    codes = case.truth.copy()
    codes[labelled] = 1
    assert score(case, labelled, codes)["pixel_accuracy"] == 1


def test_horizons_that_are_off_are_told_in_samples(case, labelled):
    deeper = layered(case.surfaces + 2, case.volume.shape[2])
    assert score(case, labelled, deeper)["horizon_error"] == pytest.approx(2, abs=0.2)


def test_calibration_is_the_distance_of_confidence_from_accuracy(case, labelled):
    sure = np.full(case.truth.shape, 75, np.uint8)
    assert calibration_error(case, labelled, case.truth, sure) == pytest.approx(0.25)
    wrong = np.where(np.arange(64) % 4 == 0, 7, case.truth)
    assert calibration_error(case, labelled, wrong, sure) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("layouts", [CUBE_LAYOUTS, PENOBSCOT_LAYOUTS])
def test_as_many_traces_are_labelled_as_is_said(layouts):
    shape = (96, 112)
    for name, label in layouts.items():
        labelled = label(shape, 1)
        if name == "8 wells":
            assert 5 * 25 < labelled.sum() <= 8 * 25
        else:
            whole = labelled.all(axis=1).sum() + labelled.all(axis=0).sum()
            assert whole == int(name[0])


@pytest.mark.slow
@pytest.mark.parametrize("peer", accuracy_peers.PEERS)
def test_peers_honour_the_labels(case, labelled, peer):
    codes = accuracy_peers.predict(accuracy_peers.PEERS[peer], case, labelled)
    assert (np.diff(codes.astype(int), axis=-1) >= 0).all()
    assert np.mean(codes[labelled] == case.truth[labelled]) > 0.85
    assert score(case, labelled, codes)["mean_iou"] > 0.3


@pytest.mark.slow
def test_ours_is_watched_from_the_first_section_to_the_result(case, labelled):
    found = accuracy_ours.train(case, labelled, 0.05, 0, 1, prior=True)
    minutes = [at for at, _ in found.volumes]
    assert minutes[:-1] == sorted(minutes[:-1])
    assert found.first_section_s <= 60 * minutes[0]
    assert found.confidence.shape == case.truth.shape
    assert score(case, labelled, found.volumes[-1][1])["mean_iou"] > 0.3


ROWS = [
    {"case": case, "labels": "4 lines", "seed": seed, "method": method, **figures}
    for case in ("cube 1", "cube 2")
    for method, seed, figures in (
        ("ours", 0, {"minutes": 0.1, "mean_iou": 0.5}),
        ("ours", 0, {"minutes": 5.0, "mean_iou": 0.9, "calibration_error": 0.01}),
        ("ours", 1, {"minutes": 5.0, "mean_iou": 0.8, "calibration_error": 0.02}),
        ("BasicUNet with depth", 0, {"minutes": 5.0, "mean_iou": 0.7}),
    )
]


def test_a_table_has_the_results_alone_and_their_range():
    assert table(ROWS, "mean_iou") == [
        "| | cube 1 | cube 2 |",
        "| --- | --- | --- |",
        "| ours | 0.850 (0.800 to 0.900) | 0.850 (0.800 to 0.900) |",
        "| BasicUNet with depth | 0.700 | 0.700 |",
    ]
    assert len(table(ROWS, "calibration_error")) == 3  # of ours alone


def test_results_of_several_runs_are_of_one_table(tmp_path, capsys):
    whole, ended_early = tmp_path / "a.json", tmp_path / "b.jsonl"
    report(ROWS[:4], as_json=True, minutes=5.0)
    whole.write_text(capsys.readouterr().out)
    assert len(whole.read_text().splitlines()) == 4 + 2  # a row a line
    ended_early.write_text("a warning\n" + "".join(f"{json.dumps(row)}\n" for row in ROWS[4:]))
    assert read_rows([whole, ended_early]) == ROWS


def test_curves_are_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    plot(ROWS, tmp_path / "accuracy.png")
    assert (tmp_path / "accuracy.png").stat().st_size > 10_000
