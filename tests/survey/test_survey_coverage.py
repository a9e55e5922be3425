"""The map of traces, and what is said of a file in words."""

import numpy as np
import pytest
from segy_making import grid_positions, two_ways

from napari_hyperseg.survey.coverage import coverage
from napari_hyperseg.survey.segy.exploring import SegyExplorer
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.wording import facts, map_fit_text, question_text, share_text


def test_a_small_survey_is_shown_trace_by_trace():
    live = np.random.default_rng(0).random((7, 300)) < 0.5
    assert np.array_equal(coverage(live), live)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (301, 7), (1000, 999)])
def test_a_large_one_is_shown_in_shares(shape):
    live = np.random.default_rng(0).random(shape) < 0.7
    shares = coverage(live, largest=100)
    assert shares.shape == tuple(min(n, 100) for n in shape)
    assert shares.min() >= 0
    assert shares.max() <= 1
    assert coverage(np.ones(shape, bool), largest=100).min() == 1


def test_a_hole_is_where_it_is():
    live = np.ones((900, 600), bool)
    live[300:600, 0:200] = False
    shares = coverage(live, largest=9)
    assert np.argwhere(shares == 0).tolist() == [[i, j] for i in (3, 4, 5) for j in (0, 1, 2)]
    assert (shares == 0).sum() + (shares == 1).sum() == shares.size


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "100%"), (0.999, "99%"), (0.5, "50%"), (0.0, "0%")]
)
def test_only_all_is_called_all(share, text):
    assert share_text(share) == text


def test_the_question_names_the_ways(make_segy):
    path = make_segy([(0, 0)] * 24, fields=two_ways, traces=[np.zeros(3)] * 24)
    explorer = SegyExplorer(path)
    asked = question_text(explorer.look())
    assert "2 ways: 4 x 6 lines by header bytes 5 and 21, or 3 x 8 by 9 and 13" in asked
    assert question_text(explorer.look(Reading((5, 21)))) == ""


def test_the_question_of_gathers_names_no_command(make_segy):
    gathers = [at for at in grid_positions([1, 2], [4, 5]) for _ in range(3)]
    asked = question_text(SegyExplorer(make_segy(gathers)).look())
    assert "is prestack: 3.0 traces per position" in asked
    assert "--" not in asked


def test_facts_say_what_is_counted_and_where_the_map_comes_from(make_segy, tiny_segy):
    counted = SegyExplorer(make_segy([(0, 0)] * 5)).info()
    assert facts(counted)["header bytes"] == "inline 189, crossline counted"
    assert map_fit_text(counted) == "none that fit the lines"
    assert "m off on average" in map_fit_text(SegyExplorer(tiny_segy).info())
