"""Picks of horizons: edited like labels, undone with them, and over the surface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.crossings import crossings
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.picks import KINDS, Picks
from napari_hyperseg.project.section_picking import PickOptions, SectionPicking, map_traces
from napari_hyperseg.survey.sample import synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic


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


SHAPE = (6, 5)


def flat(twt_ms: float) -> np.ndarray:
    return np.full(SHAPE, twt_ms)


def test_what_is_erased_hides_the_surface_until_it_is_undone(
    interpretation: Interpretation, horizons: Horizons, picks: Picks
):
    horizons.add("Top", flat(130.0), confidence=flat(0.5))
    picks.put(*line(1), np.full(5, 122.0), PickKind.SEED)
    horizons.erase("Top", *line(1, 3))
    horizons.erase("Top", *line(2, 2))
    top = horizons.load("Top")
    assert np.isnan(top[1, :3]).all()
    assert top[1, 3:].tolist() == [122, 122]
    assert np.isfinite(top[2]).tolist() == [False, False, True, True, True]
    assert np.array_equal(np.isnan(horizons.confidence("Top")), np.isnan(top))
    interpretation.flush()
    stored = Horizons(Project.open(interpretation.project.folder), "tiny")
    assert np.array_equal(stored.load("Top"), top, equal_nan=True)
    assert np.array_equal(stored.confidence("Top"), horizons.confidence("Top"), equal_nan=True)
    interpretation.undo()
    interpretation.undo()
    assert np.isfinite(horizons.load("Top")).all()


def test_erasing_where_nothing_is_is_no_edit(
    interpretation: Interpretation, horizons: Horizons, picks: Picks
):
    before = interpretation.position
    horizons.erase("Top", *line(1))
    assert interpretation.position == before


def test_a_new_surface_is_there_where_the_former_was_erased(
    interpretation: Interpretation, horizons: Horizons, picks: Picks
):
    horizons.add("Top", flat(130.0))
    horizons.erase("Top", *line(2))
    hole = flat(140.0)
    hole[2, 4] = np.nan
    horizons.add("Top", hole)
    assert horizons.load("Top")[2, :4].tolist() == [140] * 4
    assert picks.kinds[2].tolist() == [PickKind.NONE] * 4 + [PickKind.ERASED]
    assert interpretation.can_undo.notes  # one edit: surface and marks
    interpretation.undo()
    assert horizons.load("Top")[0, 0] == 130
    assert np.isnan(horizons.load("Top")[2]).all()


def test_crossings_and_seeds_ignore_what_is_erased(horizons: Horizons, picks: Picks, survey):
    horizons.add("Top", flat(130.0))
    for i in (1, 2, 3):
        picks.put(np.array([i]), np.array([2]), np.array([130.0]), PickKind.SEED)
    assert crossings(picks.times, 0, 2).traces.tolist() == [2]
    horizons.erase("Top", np.array([1]), np.array([2]))
    assert not crossings(picks.times, 0, 2).traces.size
    horizons.erase("Top", *line(4))
    picking = SectionPicking(survey, picks, Event.NONE, PickOptions(threshold=-1))
    assert picking.track(0, 4) == 0  # nothing to track from
    assert (picks.kinds[4] == PickKind.ERASED).all()


def test_a_line_that_was_erased_is_tracked_again_where_that_leads(tmp_path: Path):
    """The horizon is found as far as there is anything: the other traces are dead."""
    synthetic = make_synthetic((6, 60, 40), seed=3)
    write_synthetic(synthetic, tmp_path, "cube")
    project = Project.create(tmp_path / "cube.hyperseg", [synthetic_files(tmp_path, "cube").segy])
    survey = project.open_survey("cube")
    volume = np.array(survey.volume[:])
    volume[2, 20:] = 0
    interpretation = Interpretation(project, "cube")
    horizons = Horizons(project, "cube", interpretation)
    horizons.add("Top", np.full((6, 60), 80.0))
    horizons.erase("Top", *line(2, 60))
    picks = Picks(interpretation, horizons.entry("Top").stem)
    picking = SectionPicking(
        replace(survey, volume=volume), picks, Event.PEAK, PickOptions(threshold=0.9)
    )
    assert picking.click(2, 5, float(volume[2, 5, 10:30].argmax() + 10))
    n_tracked = picking.track(0, 2)
    kinds = picks.kinds[2]
    assert 1 < n_tracked < 40
    assert kinds[5] == PickKind.SEED
    assert (kinds == PickKind.TRACKED).sum() == n_tracked - 1
    assert (kinds == PickKind.ERASED).sum() == 60 - n_tracked
    assert np.isnan(horizons.load("Top")[2, 50:]).all()
    interpretation.close()


def test_kinds_that_there_were_always_are_read_as_before(
    interpretation: Interpretation, horizons: Horizons, picks: Picks
):
    horizons.add("Top", flat(130.0))
    for kind in (PickKind.SEED, PickKind.DRAWN, PickKind.TRACKED):
        at = np.array([0]), np.array([int(kind)])
        picks.put(*at, np.array([120.0 + kind]), kind)
    assert horizons.load("Top")[0].tolist() == [130, 121, 122, 123, 130]


def test_imported_picks_are_fixed_points_and_leave_the_rest(
    interpretation: Interpretation, horizons: Horizons, picks: Picks, survey
):
    horizons.add("Top", flat(140.0), source="tracked")
    picks.put(*line(0), np.full(5, 121.0), PickKind.DRAWN)
    read = np.full(SHAPE, np.nan)
    read[2, [0, 3]] = 130.375, 131.25
    entry = horizons.pick("Top", read, source="top.txt")
    assert entry.stem == horizons.entry("Top").stem
    assert horizons.entry("Top").source == "tracked"
    assert horizons.load("Top")[2].tolist() == [130.375, 140, 140, 131.25, 140]
    assert horizons.load("Top")[0].tolist() == [121] * 5
    picking = SectionPicking(survey, picks, Event.NONE, PickOptions(threshold=-1))
    assert picking.track(0, 2) == 5
    assert picks.times[2, [0, 3]].tolist() == [130.375, 131.25]
    assert picks.kinds[2, [0, 1, 3]].tolist() == [4, PickKind.TRACKED, 4]


def test_imported_picks_begin_a_horizon_at_its_place(
    interpretation: Interpretation, horizons: Horizons
):
    horizons.add("Top", flat(120.0))
    horizons.add("Base", flat(150.0))
    read = np.full(SHAPE, np.nan)
    read[:, 1] = 133.3
    horizons.pick("Middle", read, source="middle.txt")
    assert horizons.names == ("Top", "Middle", "Base")
    assert horizons.entry("Middle").surface is None
    assert horizons.entry("Middle").source == "middle.txt"
    assert horizons.entry("Middle").event == "none"
    interpretation.undo()
    assert horizons.names == ("Top", "Base")


def test_an_edit_that_must_be_whole_leaves_nothing_when_it_fails(
    interpretation: Interpretation, horizons: Horizons, picks: Picks
):
    record = (interpretation.project.folder / "project.json").read_text()
    position, read = interpretation.position, flat(130.0)
    told: list[str] = []
    interpretation.edited.connect(lambda event: told.append(event.tool))

    def fails() -> None:
        with interpretation.whole("Import"):
            horizons.pick("Top", read)
            horizons.pick("New", read)
            horizons.add("Other", read)
            interpretation.facies[0, 0, 0] = 1
            horizons.pick("Bad", np.full(SHAPE, np.nan))

    with pytest.raises(ProjectError, match="Bad has no value"):
        fails()
    assert horizons.names == ("Top",)
    assert not picks.kinds.any()
    assert interpretation.facies[0, 0, 0] == 0
    assert interpretation.position == position
    assert told == ["Restored"]
    interpretation.flush()
    assert (interpretation.project.folder / "project.json").read_text() == record
    with interpretation.whole("Import"):
        horizons.pick("Top", read)
        horizons.pick("New", read)
    assert interpretation.position == position + 1
    interpretation.undo()
    assert horizons.names == ("Top",)
    assert not interpretation.values(f"{KINDS}/{horizons.entry('Top').stem}").any()


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


def test_a_stroke_on_a_map_has_no_gaps_and_ends_at_the_border():
    i, j = map_traces([(1.2, 0.8), (1.0, 6.6), (-3.0, 6.6)], (6, 7))
    assert list(zip(i.tolist(), j.tolist(), strict=True)) == [(1, n) for n in range(1, 7)]
    i, j = map_traces([(0.4, 0.4), (4.6, 2.4)], (6, 5))
    assert i.tolist() == [0, 1, 2, 3, 4, 5]
    assert [one.tolist() for one in map_traces([(2.2, 3.1)], (6, 5))] == [[2], [3]]
    assert map_traces([(-2.0, 1.0)], (6, 5))[0].size == 0
