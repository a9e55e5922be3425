"""The benchmark of tracking: its scores and peers on surfaces that are known, and what it finds."""

import numpy as np
import pytest

from benchmarks import tracking_peers as peers
from benchmarks.tracking import BARS, Sections, run, volumes
from benchmarks.tracking_fields import Field, generated, penobscot
from benchmarks.tracking_scores import calibration_error, of_sections, of_surface, reliability
from napari_hyperseg.labels.tracking.events import Event

PLANE = 40 + 0.2 * np.arange(12)[:, None] + 0.3 * np.arange(20)
CUBE = np.cos((np.arange(90) - PLANE[..., None]) / 4).astype(np.float32)  # a peak on the plane
ROUGHLY = {"abs": 0.1}


@pytest.fixture
def field():
    return Field("plane", CUBE, {"H": PLANE}, (0, 10, 19))


def test_errors_are_those_of_what_was_tracked_and_shares_those_of_all():
    true = np.zeros((2, 5))
    found = np.array([[0.4, 1.4, 2.0, np.nan, 0.0], [0.0, 0.0, 0.0, 0.0, 9.0]])
    row = of_surface(found, true, np.array([[True], [False]]))
    assert row["mean"] == pytest.approx(3.8 / 4)
    assert row["mean_whole"] == pytest.approx(3 / 4)
    assert (row["within_1"], row["within_1_whole"]) == (2 / 5, 3 / 5)


def test_a_track_that_stops_is_right_of_what_it_tracked():
    found, true = [np.array([1.0, 2.0, np.nan, 7.0])], [np.array([1.0, 3.5, 2.0, np.nan])]
    row = of_sections(found, true, [np.array([1.0, 2.5, 2.0, 7.0])])
    assert (row["within_1"], row["on_event"]) == (1 / 3, 2 / 3)
    assert (row["tracked"], row["right"]) == (2 / 3, 1)


def test_confidence_that_keeps_its_word_is_not_off():
    said = np.repeat([0.25, 0.75], 100)
    was = np.arange(200) % 4 < np.repeat([1, 3], 100)
    assert calibration_error(said, was) == pytest.approx(0)
    assert calibration_error(said, ~was) == pytest.approx(0.5)
    assert [row["traces"] for row in reliability(said, was)] == [0.5, 0.5]


@pytest.mark.parametrize("grid", [peers.linear, peers.splines])
def test_gridding_lays_a_plane_through_picks_of_a_plane(field, grid):
    assert grid(field.picks("H")) == pytest.approx(PLANE, abs=1e-6)


def test_a_gridded_surface_snaps_to_the_event_near_it(field):
    assert field.event("H") is Event.PEAK
    inner = np.s_[2:-2, 4:-4]  # the median is not at home at the edges
    found = peers.snapped(CUBE, PLANE + 3, Event.PEAK)
    assert found[inner] == pytest.approx(PLANE[inner], **ROUGHLY)


@pytest.mark.parametrize("follow", [peers.nearest_event, peers.most_alike])
@pytest.mark.parametrize("trace", [0, 7, 19])
def test_naive_tracking_follows_what_is_plain(follow, trace):
    found = follow(CUBE[5], trace, PLANE[5, trace], Event.PEAK)
    assert found == pytest.approx(PLANE[5], **ROUGHLY)


def test_where_the_survey_is_not_one_line_says_where_to_get_it(tmp_path):
    with pytest.raises(SystemExit, match=r"zenodo\.org/records/3924682.*--data"):
        penobscot(tmp_path)


@pytest.mark.slow
def test_a_small_generated_cube_gives_every_table():
    (field,) = generated((8, 40, 64), seeds=(1,))
    tables = dict(run(field, inlines=2))
    surfaces, seeds, thresholds, _ = tables.values()
    assert [row["case"] for row in surfaces].count("ours") == len(field.horizons) + 1
    assert len({row["case"] for row in surfaces}) == 5
    assert {row["case"] for row in seeds} >= {"ours", "nearest event, trace by trace"}
    tracked = [row["tracked"] for row in thresholds]
    assert tracked == sorted(tracked, reverse=True)
    assert tracked[0] > 0.9 > tracked[-1]


@pytest.mark.slow
def test_the_penobscot_window_is_tracked_as_well_as_promised(shared_data):
    field = penobscot(shared_data)
    rows, confidence, right = volumes(field)
    of = {row["case"]: row for row in rows if row["horizon"] == "all"}
    ours = of.pop("ours")
    assert ours["mean_whole"] <= BARS["mean_whole"]
    assert ours["within_1_whole"] >= BARS["within_1_whole"]
    assert all(ours["mean"] < row["mean"] for row in of.values())
    assert calibration_error(confidence, right) < 0.05


@pytest.mark.slow
def test_on_the_penobscot_window_one_seed_holds_its_event(shared_data):
    rows = Sections(penobscot(shared_data), 2).beside_peers()
    ours = next(row for row in rows if row["case"] == "ours")
    assert ours["on_event"] > 0.9
    assert ours["right"] > 0.95
