"""Surfaces that a few labelled lines lead to."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.folds import folds_of, patch_side
from napari_hyperseg.labels.prior.aggregation import aggregated
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.finder import Finder, make_priors
from napari_hyperseg.labels.prior.gridding import misfit, plate_within, thin_plate
from napari_hyperseg.labels.prior.likeness import references, unlikeness
from napari_hyperseg.labels.prior.memo import Memo
from napari_hyperseg.labels.prior.ordering import in_order
from napari_hyperseg.labels.prior.spreads import USUAL_SPREAD
from napari_hyperseg.labels.prior.surfaces import Surface, bent_surface, mixed
from napari_hyperseg.survey.synthetic import make_synthetic


def test_surfaces_in_order_stay():
    surfaces = np.sort(np.random.default_rng(0).normal(size=(4, 5, 6)), axis=0)
    assert np.array_equal(in_order(surfaces, np.ones_like(surfaces)), surfaces.astype(np.float32))


def test_crossing_surfaces_meet_at_their_weighted_mean():
    surfaces = np.array([3.0, 1.0, 2.0, 9.0])[:, None, None]
    assert in_order(surfaces, np.ones_like(surfaces)).ravel().tolist() == [2, 2, 2, 9]
    sure = np.array([1.0, 3.0, 1.0, 1.0])[:, None, None]
    assert in_order(surfaces, sure).ravel().tolist() == pytest.approx([1.5, 1.5, 2, 9])


def test_ordering_is_the_nearest_one():
    random = np.random.default_rng(1)
    surfaces, weights = random.normal(size=(5, 4, 4)), random.uniform(0.1, 2, (5, 4, 4))
    found = in_order(surfaces, weights).astype(float)
    assert (np.diff(found, axis=0) >= -1e-6).all()
    distance = (weights * (found - surfaces) ** 2).sum(axis=0)
    for _ in range(200):
        other = np.sort(found + random.normal(scale=0.1, size=found.shape), axis=0)
        assert (distance <= (weights * (other - surfaces) ** 2).sum(axis=0) + 1e-5).all()


def test_a_plane_is_a_plane():
    i, j = np.mgrid[:30, :41]
    plane = 20 + 0.3 * i - 0.2 * j
    picks = np.full(plane.shape, np.nan)
    picks[::7, 3::9] = plane[::7, 3::9]
    assert np.abs(thin_plate(picks) - plane).max() < 1e-6


def test_a_line_goes_on_across():
    picks = np.full((9, 30), np.nan)
    picks[4, [3, 23]] = 10, 20
    surface = thin_plate(picks)
    assert (surface == surface[0]).all()
    assert surface[0, [0, 3, 13, 23, 29]].tolist() == [10, 10, 15, 20, 20]
    single = np.full((4, 5), np.nan)
    single[2, 2] = 7
    assert (thin_plate(single) == 7).all()


def test_aggregation_follows_the_cheap_offsets_past_a_fault():
    costs = np.ones((12, 30, 9), np.float32)
    costs[:, :15, 2] = costs[:, 15:, 7] = 0
    costs[:, 10:20] = 1  # nothing is seen around the fault
    best = aggregated(costs, 0.2, 0.5).argmin(axis=2)
    assert (best[:, :10] == 2).all()
    assert (best[:, 20:] == 7).all()


def test_aggregation_of_nothing_but_a_pin_spreads_it():
    costs = np.zeros((7, 9, 5), np.float32)
    costs[3, 4] = 10
    costs[3, 4, 1] = 0
    assert (aggregated(costs, 0.1, 5.0)[3].argmin(axis=1) == 1).all()


def shifted_volume(shape=(20, 24, 80)):
    i, j = np.mgrid[: shape[0], : shape[1]]
    surface = 40 + 4 * np.sin(i / 9) + 3 * np.cos(j / 7)
    wave = np.random.default_rng(3).normal(size=400)
    at = np.arange(shape[2]) - surface[..., None] + 200
    return np.interp(at, np.arange(400), wave).astype(np.float32), surface


def test_the_true_surface_is_like_its_picks():
    volume, surface = shifted_volume()
    picks = np.full(surface.shape, np.nan)
    picks[:, 3] = surface[:, 3]
    parts = np.isfinite(picks).astype(np.uint8)
    costs = unlikeness(volume, references(volume, picks, parts, 8), surface, 6)
    assert costs.shape == (20, 24, 13)
    assert (costs.argmin(axis=2) == 6).all()
    assert costs[..., 6].max() < 0.2


def test_picks_are_honoured_and_waveforms_found():
    volume, surface = shifted_volume()
    picks = np.full(surface.shape, np.nan)
    picks[:, 2], picks[:, 20] = surface[:, 2], surface[:, 20]
    parts = folds_of(np.isfinite(picks), 8, 0)
    waves = references(volume, picks, parts, 12)
    surface_found = bent_surface(volume, waves, Bounds.at(picks), thin_plate(picks))
    found, sure = surface_found.samples, surface_found.sure
    picked = np.isfinite(picks)
    assert np.array_equal(found[picked], picks[picked])
    assert (sure[picked] == 1).all()
    assert np.abs(found - surface).mean() < 0.5 * np.abs(thin_plate(picks) - surface).mean()
    assert ((sure >= 0) & (sure <= 1)).all()


@pytest.fixture(scope="module")
def cube():
    made = make_synthetic((48, 56, 80), seed=4)
    geometry = made.geometry
    truth = np.stack([*made.horizons.values()])
    return made.amplitude, (truth - geometry.start_ms) / geometry.sample_interval_ms


@pytest.fixture(scope="module")
def lines():
    labelled = np.zeros((48, 56), bool)
    labelled[[8, 40]] = True
    labelled[:, 28] = True
    return labelled


def folds(labelled):
    return folds_of(labelled, patch_side(labelled), 0)


@pytest.fixture(scope="module")
def priors(cube, lines):
    volume, truth = cube
    return make_priors(volume, Bounds.at(np.where(lines, truth, np.nan)), folds(lines))


@pytest.mark.slow
def test_surfaces_are_in_order_and_better_than_gridding(cube, lines, priors):
    _, truth = cube
    found = priors.whole.samples
    assert (np.diff(found, axis=0) >= 0).all()
    plates = [thin_plate(np.where(lines, one, np.nan)) for one in truth]
    away = ~lines
    errors = np.abs(found - truth)[:, away].mean(axis=1)
    assert (errors < np.abs(plates - truth)[:, away].mean(axis=1)).all()


@pytest.mark.slow
def test_spread_tells_where_surfaces_are_off(cube, lines, priors):
    _, truth = cube
    error = np.abs(priors.whole.samples - truth)[:, ~lines]
    spread = priors.whole.spread[:, ~lines]
    assert error[spread <= np.median(spread)].mean() < error[spread > np.median(spread)].mean()
    assert 0.5 < error.mean() / (2 * np.log(2) * spread.mean()) < 1.5


@pytest.mark.slow
def test_a_fold_does_not_know_its_line(cube, lines, priors):
    volume, truth = cube
    fold = int(folds(lines)[8, 3])
    moved = np.where(lines, truth, np.nan)
    moved[:, folds(lines) == fold] += 5
    others = make_priors(volume, Bounds.at(moved), folds(lines))
    assert np.array_equal(others.folds[fold].samples, priors.folds[fold].samples)
    assert not np.array_equal(others.whole.samples, priors.whole.samples)


@pytest.mark.slow
def test_a_boundary_that_is_never_picked_encloses_nothing(cube, lines):
    volume, truth = cube
    picks = np.where(lines, truth, np.nan).astype(np.float32)
    picks[2] = np.nan
    found = make_priors(volume, Bounds.at(picks), folds(lines)).whole.samples
    assert np.array_equal(found[2], found[3])
    assert np.isfinite(found).all()


@pytest.mark.slow
def test_those_from_all_picks_come_first_then_those_without_each_fold(cube, lines, priors):
    volume, truth = cube
    picks = np.where(lines, truth, np.nan)
    told = list(Finder(volume).priors(Bounds.at(picks), folds(lines)))
    n_surfaces = len(truth)
    assert told[:n_surfaces] == [None] * n_surfaces
    assert not told[n_surfaces].folds
    assert sum(found is not None for found in told) == 3
    assert sorted(told[-1].folds) == np.unique(folds(lines)[lines]).tolist()
    assert np.array_equal(told[-1].whole.samples, priors.whole.samples)
    shapes = {one.samples.shape for one in (told[n_surfaces].whole, *told[-1].folds.values())}
    assert shapes == {truth.shape}


@pytest.mark.slow
def test_labels_that_cannot_be_parted_have_no_folds(cube):
    volume, truth = cube
    labelled = np.zeros(volume.shape[:2], bool)
    labelled[2, 2:6] = True
    picks = np.where(labelled, truth, np.nan).astype(np.float32)
    found = make_priors(volume, Bounds.at(picks), folds_of(labelled, 8, 0))
    assert not found.folds
    assert (found.whole.spread == USUAL_SPREAD).all()


def test_what_did_not_change_is_not_found_again():
    calls = []

    def find():
        calls.append(1)
        return found

    memo, picks, parts = Memo(), np.zeros((4, 5)), np.ones((4, 5), np.uint8)
    found = Surface(picks, picks, 1.0)
    for _ in range(2):
        memo.begin()
        assert memo.find(find, picks, parts) is found
        memo.end()
    assert len(calls) == 1
    memo.begin()
    memo.find(find, picks + 1, parts)
    memo.find(find, picks, 2 * parts)
    memo.end()
    assert len(calls) == 3
    memo.begin()
    memo.find(find, picks, parts)
    assert len(calls) == 4  # the last search had no use for it


def test_a_surface_keeps_to_limits_that_are_no_picks():
    volume, surface = shifted_volume()
    picks = np.full(surface.shape, np.nan)
    picks[:, 2], picks[:, 20] = surface[:, 2] + 3, surface[:, 20] + 3
    bounds = Bounds.at(picks)
    bounds.most[:, 11] = surface[:, 11]  # nothing of it lies deeper here
    parts = folds_of(np.isfinite(picks), 8, 0)
    waves = references(volume, picks, parts, 12)
    found = bent_surface(volume, waves, bounds, plate_within(bounds)).samples
    assert (found[:, 11] <= surface[:, 11]).all()
    assert np.array_equal(found[:, [2, 20]], picks[:, [2, 20]])


def test_a_plate_passes_limits_on_their_side():
    picks = np.full((20, 30), np.nan)
    picks[2, 3], picks[17, 4], picks[9, 26] = 10, 12, 11
    bounds = Bounds.at(picks)
    assert np.array_equal(plate_within(bounds), thin_plate(picks))
    bounds.least[10, 14] = 25
    plate = plate_within(bounds)
    assert abs(plate[10, 14] - 25) < 2  # between nodes it is straight
    assert np.allclose(plate[np.isfinite(picks)], picks[np.isfinite(picks)], atol=1)


def test_misfit_is_what_a_plate_through_the_others_misses():
    i, j = np.mgrid[:30, :40]
    picks = np.where((i % 6 == 0) & (j % 8 == 0), 5 + 0.2 * i + 0.1 * j, np.nan)
    parts = (1 + i // 15).astype(np.uint8)
    assert misfit(picks, parts) < 1e-6
    assert misfit(picks + 4.0 * (i >= 15), parts) > 2
    assert np.isnan(misfit(picks, np.ones_like(parts)))


def test_of_two_surfaces_the_better_one_counts_around_each_trace():
    volume, surface = shifted_volume()
    picks = np.where(np.arange(surface.shape[1]) == 12, surface, np.nan)
    waves = references(volume, picks, np.ones(surface.shape, np.uint8), 12)
    left, right = surface.copy(), surface.copy()
    left[:, 12:] += 4
    right[:, :12] -= 4
    found = mixed(volume, waves, (left, right), surface, 0.0)
    assert np.array_equal(found[:, :6], surface[:, :6])
    assert np.array_equal(found[:, -6:], surface[:, -6:])
    pulled = mixed(volume, waves, (left, right), left, 10.0)
    assert np.array_equal(pulled, left)


@pytest.fixture(scope="module")
def found(cube, lines):
    """A finder that has found all, and what it found."""
    volume, truth = cube
    finder = Finder(volume)
    *_, priors = finder.priors(Bounds.at(np.where(lines, truth, np.nan)), folds(lines))
    return finder, priors


@pytest.mark.slow
def test_a_stroke_moves_the_surfaces_beside_it_at_once(cube, lines, found):
    _, truth = cube
    finder, priors = found
    before = priors.whole.samples
    bounds = Bounds.at(np.where(lines, truth, np.nan))
    stroke = np.s_[22:27, 44:49]
    bounds.least[2][stroke] = before[2][stroke] + 6  # what lies above the third reaches deeper
    told = list(finder.moved(bounds, folds(lines)))
    assert [one is None for one in told] == [True, False]
    moved = told[-1].whole.samples
    assert (moved[2][stroke] >= before[2][stroke] + 5.9).all()
    assert np.array_equal(moved[[0, 1, 4]], before[[0, 1, 4]])
    assert np.allclose(moved[:, lines], before[:, lines])


@pytest.mark.slow
def test_a_search_after_a_stroke_ends_where_one_from_nothing_does(cube, lines, found):
    volume, truth = cube
    finder, _ = found
    bounds = Bounds.at(np.where(lines, truth, np.nan))
    bounds.most[3][10:14, 40:44] = truth[3][10:14, 40:44] + 1
    again, anew = ([*one.priors(bounds, folds(lines))] for one in (finder, Finder(volume)))
    assert np.array_equal(again[-1].whole.samples, anew[-1].whole.samples)
    assert sum(one is not None for one in again) == 2  # nothing rough in between
    assert sum(one is not None for one in anew) == 3


@pytest.mark.slow
def test_large_surveys_are_searched_on_some_of_their_lines(cube, lines, priors):
    volume, truth = cube
    bounds = Bounds.at(np.where(lines, truth, np.nan))
    *_, thin = Finder(volume, most=700).priors(bounds, folds(lines))
    samples = thin.whole.samples
    assert samples.shape == truth.shape
    assert np.allclose(samples[:, lines], truth[:, lines], atol=1e-4)
    assert sorted(thin.folds) == sorted(priors.folds)
    errors = [abs(found - truth)[:, ~lines].mean() for found in (samples, priors.whole.samples)]
    assert errors[0] < errors[1] + 1
