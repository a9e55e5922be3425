"""Picks of horizons: edited like labels, undone with them, and over the surface."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.picks import PickKind, Picks


@pytest.fixture
def interpretation(project: Project) -> Iterator[Interpretation]:
    opened = Interpretation(project, "tiny")
    yield opened
    opened.close()


@pytest.fixture
def horizons(interpretation: Interpretation) -> Horizons:
    return Horizons(interpretation.project, "tiny", interpretation)


@pytest.fixture
def picks(interpretation: Interpretation, horizons: Horizons) -> Picks:
    return Picks(interpretation, horizons.create("Top").stem)


def line(i: int, n: int = 5) -> tuple[np.ndarray, np.ndarray]:
    return np.full(n, i), np.arange(n)


def test_a_new_horizon_has_no_pick(horizons: Horizons, picks: Picks):
    assert np.isnan(picks.times).all()
    assert np.isnan(horizons.load("Top")).all()
    assert horizons.entry("Top").surface is None


def test_picks_lie_between_samples_and_are_on_disk(
    interpretation: Interpretation, horizons: Horizons, picks: Picks
):
    picks.put(*line(2), np.linspace(120.3, 124.7, 5), PickKind.TRACKED)
    picks.put(np.array([2]), np.array([0]), np.array([120.25]), PickKind.SEED)
    interpretation.flush()
    stored = Horizons(Project.open(interpretation.project.folder), "tiny").load("Top")
    assert np.array_equal(stored, horizons.load("Top"), equal_nan=True)
    assert stored[2].tolist() == pytest.approx([120.25, 121.4, 122.5, 123.6, 124.7])
    assert np.isfinite(stored).sum() == 5
    assert picks.kinds[2].tolist() == [PickKind.SEED] + [PickKind.TRACKED] * 4


def test_erasing_and_undoing(interpretation: Interpretation, picks: Picks):
    picks.put(*line(2), np.full(5, 120.0), PickKind.DRAWN)
    picks.erase(np.array([2, 2]), np.array([1, 3]))
    assert np.isfinite(picks.times[2]).tolist() == [True, False, True, False, True]
    interpretation.undo()
    assert np.isfinite(picks.times[2]).all()
    interpretation.undo()
    assert np.isnan(picks.times).all()
    assert not picks.kinds.any()


def test_picks_lie_over_the_surface(horizons: Horizons, picks: Picks):
    shape = picks.times.shape
    sure = np.full(shape, 0.5, np.float32)
    horizons.add("Top", np.full(shape, 130.0), source="tracked", confidence=sure)
    picks.put(*line(1), np.full(5, 122.0), PickKind.SEED)
    assert horizons.load("Top")[0, 0] == 130
    assert horizons.load("Top")[1].tolist() == [122] * 5
    assert np.array_equal(horizons.confidence("Top"), sure)


def test_a_surface_and_a_removed_horizon_come_back(
    interpretation: Interpretation, horizons: Horizons, picks: Picks
):
    picks.put(*line(1), np.full(5, 122.0), PickKind.SEED)
    shape = picks.times.shape
    horizons.add("Top", np.full(shape, 130.0))
    horizons.add("Top", np.full(shape, 140.0))
    horizons.remove("Top")
    assert horizons.names == ()
    interpretation.undo()
    assert horizons.load("Top")[0, 0] == 140
    assert horizons.load("Top")[1, 0] == 122
    interpretation.undo()
    assert horizons.load("Top")[0, 0] == 130
    interpretation.undo()
    assert np.isnan(horizons.load("Top")[0, 0])


def test_facies_and_picks_are_undone_in_the_order_they_were_made(
    interpretation: Interpretation, picks: Picks
):
    picks.put(*line(0), np.full(5, 110.0), PickKind.SEED)
    interpretation.facies[0, 0, 0] = 1
    picks.put(*line(1), np.full(5, 110.0), PickKind.SEED)
    interpretation.undo()
    assert np.isfinite(picks.times).sum() == 5
    interpretation.undo()
    assert interpretation.facies[0, 0, 0] == 0
    assert np.isfinite(picks.times).sum() == 5
    interpretation.undo()
    assert np.isnan(picks.times).all()
