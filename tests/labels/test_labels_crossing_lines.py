"""2D lines that cross: where they do, and what labels on one say of the others."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.prior.aggregation import aggregated, tied
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.crossing_lines import MISTIE, CrossingLines
from napari_hyperseg.labels.prior.finder import Finder
from napari_hyperseg.labels.prior.gridding import misfit, thin_plate
from napari_hyperseg.labels.prior.priors import Priors, Surfaces
from napari_hyperseg.labels.prior.ties import lines_together
from napari_hyperseg.survey.geometry import Geometry


def line(begin, end, n=41, *, samples=50, start=0.0, interval=4.0, across=False, **other):
    """A straight line of so many traces on the map, as one inline or one crossline."""
    xy = np.linspace(begin, end, n)
    shape = (np.arange(n), np.array([7])) if across else (np.array([7]), np.arange(n))
    return Geometry(*shape, samples, start, interval, line_xy=xy, **other)


EAST = line((0, 500), (1000, 500))  # traces 25 apart
NORTH = line((500, 0), (500, 1000), across=True)
FINE = line((250, 1000), (250, 0), 81, samples=99, start=20.0, interval=2.0)  # 12.5 apart
FAR = line((9000, 0), (9000, 1000))


def crossing(*geometries, most=8000):
    return CrossingLines.of(geometries, most)


def test_lines_that_cross_belong_together():
    assert lines_together([EAST, FAR, NORTH, FINE]) == [[0, 2, 3]]
    assert lines_together([EAST, FAR]) == []
    assert lines_together([]) == []


def test_only_lines_with_coordinates_and_the_same_axes_do():
    cube = Geometry(np.arange(5), np.arange(9), 50, 0.0, 4.0, to_xy=np.eye(2, 3))
    nowhere = Geometry(np.array([1]), np.arange(9), 50, 0.0, 4.0)
    depth = line((500, 0), (500, 1000), domain="depth")
    assert lines_together([EAST, cube, nowhere, depth]) == []


def test_ties_are_the_traces_at_the_crossing():
    ties = crossing(EAST, NORTH, FINE).basemap.ties
    assert ties.tolist() == [[[0, 20], [1, 20]], [[0, 10], [2, 40]]]


def test_a_line_can_cross_another_twice():
    turn = np.linspace(0, np.pi, 41)
    bow = np.stack([500 - 300 * np.cos(turn), 400 + 300 * np.sin(turn)], axis=1)
    bent = Geometry(np.array([1]), np.arange(41), 50, 0.0, 4.0, line_xy=bow)
    ties = crossing(EAST, bent).basemap.ties
    assert len(ties) == 2
    for (_, one), (_, other) in ties:
        assert np.hypot(*(EAST.line_xy[one] - bow[other])) < 20


def test_labels_hold_at_crossings_and_own_ones_come_first():
    lines = crossing(EAST, NORTH, FINE)
    picks = np.full((2, 1, 41), np.nan)
    picks[0] = 20.0
    own = np.full((2, 41, 1), np.nan)
    own[:, 20] = 30.0
    bounds = lines.bounds([Bounds.at(picks), Bounds.at(own), None], 2)
    at = lambda number, row, trace: float(bounds.picks[number, row, trace])  # noqa: E731
    # on the axis of the finest line (2 ms from 0 ms) a boundary above sample 20 is above 39.5
    assert at(0, 0, 5) == at(0, 2, 40) == 39.5
    assert at(0, 1, 20) == 59.5
    assert at(1, 0, 20) == 59.5  # what the first line does not know, the second one says
    assert np.isnan(at(1, 2, 40))
    assert bounds.most[0, 2, 40] - bounds.least[0, 2, 40] == 2 * MISTIE
    assert np.isnan(bounds.picks[0, 2, :40]).all()


def test_folds_are_those_of_the_line_that_was_labelled():
    folds = np.repeat([1, 2], [20, 21]).astype(np.uint8)[None]
    rows = crossing(EAST, NORTH, FINE).folds([folds, None, None])
    assert rows[0, :41].tolist() == folds[0].tolist()
    assert (rows[1, 20], rows[2, 40]) == (2, 1)
    assert np.count_nonzero(rows[1:]) == 2


def test_volumes_come_to_one_axis():
    random = np.random.default_rng(0)
    coarse = np.cumsum(random.normal(size=(1, 41, 50)), axis=2).astype(np.float32)
    fine = random.normal(size=(1, 81, 99)).astype(np.float32)
    rows = crossing(EAST, FINE).volume([coarse, fine])
    assert rows.shape == (2, 81, 109)  # 0 to 216 ms, every 2 ms
    assert np.array_equal(rows[0, :41, 0:99:2], coarse[0])
    assert np.allclose(rows[0, :41, 1:98:2], 0.5 * (coarse[0, :, 1:] + coarse[0, :, :-1]))
    assert np.allclose(rows[1, :, 10:], fine[0], atol=1e-6)
    assert not rows[1, :, :10].any()
    assert not rows[0, 41:].any()
    assert not rows[0, :, 99:].any()


def test_what_is_found_goes_back_to_each_line():
    lines = crossing(EAST, NORTH, FINE)
    found = Surfaces(np.full((1, 3, 81), 39.5, np.float32), np.full((1, 3, 81), 4.0, np.float32))
    east = lines.priors(0, Priors(found, {1: found}), labelled=True)
    assert east.whole.samples.shape == (1, 1, 41)
    assert np.allclose(east.whole.samples, 20)
    assert np.allclose(east.folds[1].spread, 2)
    north = lines.priors(1, Priors(found, {}), labelled=False)
    assert north.whole.samples.shape == (1, 41, 1)
    fine = lines.priors(2, Priors(found, {1: found}), labelled=False)
    assert np.allclose(fine.whole.samples, 29.5)  # 20 ms later
    assert not fine.folds


def test_long_lines_are_thinned_out():
    lines = crossing(EAST, NORTH, FINE, most=60)
    assert lines.shape[1] <= 30
    picks = np.linspace(10, 30, 41)[None, None]
    bounds = lines.bounds([Bounds.at(picks), None, None], 1)
    assert np.isfinite(bounds.picks[0]).sum() > 12
    grids = np.nan_to_num(bounds.picks, nan=0.0).astype(np.float32)
    kept = lines.thinnings[0].crosslines
    back = lines.priors(0, Priors(Surfaces(grids, grids), {}), labelled=False).whole.samples
    assert np.allclose(back[0, 0, kept], picks[0, 0, kept], atol=0.6)


def test_the_usual_distance_is_that_of_lines_without_labels():
    lines = crossing(EAST, NORTH)
    assert lines.usual_distance([np.ones((1, 41), bool), None]) == pytest.approx(10, abs=1)
    thinned = crossing(EAST, NORTH, most=40)
    assert thinned.usual_distance([np.ones((1, 41), bool), None]) == pytest.approx(10, abs=3)
    assert lines.usual_distance([None, None]) is None


def test_a_thin_plate_spans_the_map():
    lines = crossing(EAST, NORTH, line((0, 250), (1000, 250)))
    plane = lambda at: 20 + 0.3 * at[..., 0] - 0.2 * at[..., 1]  # noqa: E731
    truth = plane(lines.basemap.at)
    picks = np.full(truth.shape, np.nan)
    picks[:2] = truth[:2]
    assert np.abs(thin_plate(picks, lines.basemap) - truth).max() < 1e-6
    parts = np.where(np.arange(truth.shape[1]) < 20, 1, 2) * np.ones_like(truth)
    assert misfit(picks, parts.astype(np.uint8), lines.basemap) < 1e-6
    picks[1] = np.nan  # along a single line, nothing is known of the other direction
    plate = thin_plate(picks, lines.basemap)
    assert np.allclose(plate[0], truth[0])
    assert np.ptp(plate[1]) < 1e-6


def test_lines_tell_each_other_where_they_cross():
    costs = np.ones((2, 21, 9), np.float32)
    costs[0, 0] = 5
    costs[0, 0, 2] = 0  # the first line begins at offset 2, and nothing else is known
    heights = np.zeros((2, 21))
    heights[1] = 3.0  # the second line counts from three samples below
    alone = aggregated(costs, 0.15, 2.0, (1,))
    ties = np.array([[[0, 10], [1, 5]]])
    told = tied(costs, heights, ties, 0.15, 2.0)
    assert np.array_equal(tied(costs, heights, ties[:0], 0.15, 2.0), alone)
    assert np.ptp(alone[1, 5]) == 0
    assert told[1, 5].argmin() == 0  # offset -1 is not there: the nearest is best
    heights[1] = -3.0
    assert tied(costs, heights, ties, 0.15, 2.0)[1, 5].argmin() == 5


def wavy(at):
    return 60 + 6 * np.sin(at[..., 0] / 12) + 5 * np.cos(at[..., 1] / 9)


def section(geometry, unit=25.0):
    """Amplitudes with beds along a wavy surface, and where that is."""
    surface = wavy(geometry.line_xy / unit)
    random = np.random.default_rng(3)
    column = np.convolve(random.normal(size=400), np.hanning(9), "same")
    at = np.arange(120) - surface[:, None] + 200
    return np.interp(at, np.arange(400), column)[None].astype(np.float32), surface


def test_surfaces_are_found_on_lines_without_labels():
    ends = [((0, y), (2000, y)) for y in (300, 700, 1100)]
    ends += [((x, 0), (x, 1500)) for x in (200, 900, 1700)]
    geometries = [line(*one, 81 if one[0][0] == 0 else 61, samples=120) for one in ends]
    lines = crossing(*geometries)
    volumes, surfaces = zip(*map(section, geometries), strict=True)
    known = [Bounds.at(surfaces[number][None, None]) for number in (0, 3)]
    bounds = lines.bounds([known[0], None, None, known[1], None, None], 1)
    folds = [np.ones((1, 81), np.uint8), None, None, np.full((1, 61), 2, np.uint8), None, None]
    finder = Finder(lines.volume(volumes), basemap=lines.basemap)
    *_, priors = finder.priors(bounds, lines.folds(folds))
    assert set(priors.folds) == {1, 2}
    for number in (1, 2, 4, 5):
        found = lines.priors(number, priors, labelled=False).whole.samples[0, 0]
        assert np.abs(found - surfaces[number]).mean() < 0.7
