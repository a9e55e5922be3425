"""Filling between horizons and copying to the next line, in every orientation, each one edit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.targets import facies_between
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer.interval_fill import IntervalFill
from napari_hyperseg.viewer.line_copy import CopyOptions, LineCopy
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.workspace import Workspace

SECTIONS = list(Section)


@pytest.fixture
def workspace(shown: ViewerModel) -> Iterator[Workspace]:
    made = Workspace(shown, SessionModel())
    yield made
    made.close()


@pytest.fixture
def fill(workspace: Workspace) -> IntervalFill:
    return workspace.interval_fill


@pytest.fixture
def copy(workspace: Workspace) -> LineCopy:
    return workspace.line_copy


@pytest.fixture
def grids(workspace: Workspace) -> list[np.ndarray]:
    """Two horizons that lie between samples, with a gap each."""
    rng = np.random.default_rng(0)
    upper = rng.uniform(105, 125, (6, 5))
    lower = upper + rng.uniform(10, 30, (6, 5))
    upper[1, 2] = lower[3, 4] = np.nan
    workspace.horizons.add({"Top": (upper, ""), "Base": (lower, "")})
    return [workspace.horizons.grid(name).astype(float) for name in ("Top", "Base")]


def codes_of(workspace: Workspace) -> np.ndarray:
    assert workspace.interpretation is not None
    return np.asarray(workspace.interpretation.facies)


def on_section(workspace: Workspace, whole: np.ndarray) -> np.ndarray:
    """Return an array that is what the survey is on the section in view, and 0 elsewhere."""
    section, line = workspace.navigation.section, workspace.navigation.line
    assert section is not None
    out = np.zeros_like(whole)
    where = tuple(line if axis == section else slice(None) for axis in range(3))
    out[where] = whole[where]
    return out


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_is_filled_as_label_would(workspace, fill, grids, section):
    workspace.navigation.show(section)
    workspace.navigation.go_to(1)
    workspace.choose_class(2)
    said = fill.fill("Top", "Base")
    expected = facies_between(grids, workspace.geometry) == 2
    assert np.array_equal(codes_of(workspace), 2 * on_section(workspace, expected))
    revision = workspace.interpretation.revisions[-1]
    assert revision.tool == "Fill between"
    assert revision.words.startswith("Class 2, Top - Base, ")
    assert f"{codes_of(workspace).astype(bool).sum()} voxels are Class 2 now." in said
    n_revisions = len(workspace.interpretation.revisions)
    workspace.undo()
    assert not codes_of(workspace).any()
    workspace.redo()
    assert codes_of(workspace).any()
    assert len(workspace.interpretation.revisions) == n_revisions


def test_traces_that_cannot_be_filled_are_told(workspace, fill, grids):
    crossing = grids[1].copy()
    crossing[1, 0] = 101
    workspace.horizons.add({"Crossing": (crossing, "")})
    workspace.navigation.go_to(1)
    said = fill.fill("Top", "Crossing")
    assert said.endswith("Left alone: 1 trace without both horizons, 1 trace where they cross.")
    assert not codes_of(workspace)[1, [0, 2]].any()


def test_the_edges_of_the_survey_are_horizons(workspace, fill, grids):
    workspace.navigation.go_to(0)
    workspace.choose_class(1)
    fill.fill(None, "Top")
    workspace.choose_class(2)
    fill.fill("Base", None)
    expected = facies_between(grids, workspace.geometry)[0]
    assert np.array_equal(codes_of(workspace)[0] == 1, expected == 1)
    assert np.array_equal(codes_of(workspace)[0] == 2, expected == 3)


def test_labels_stay_unless_they_are_to_be_replaced_and_locked_ones_always(workspace, fill, grids):
    facies = workspace.interpretation.facies
    facies[0, :, :8] = 1
    workspace.navigation.go_to(0)
    workspace.choose_class(2)
    fill.fill(None, None)
    assert (codes_of(workspace)[0, :, :8] == 1).all()
    assert (codes_of(workspace)[0, :, 8:] == 2).all()
    assert "nothing was left to fill" in fill.fill(None, None)
    facies[0, :, 15:] = 3
    facies.locked = lambda: frozenset({3})
    fill.fill(None, None, replace=True)
    assert (codes_of(workspace)[0, :, :15] == 2).all()
    assert (codes_of(workspace)[0, :, 15:] == 3).all()


def test_the_pair_is_remembered_by_the_project(workspace, fill, grids):
    assert fill.pair == ("Top", "Base")
    fill.fill("Base", None)
    assert fill.pair == ("Base", None)
    assert Project.open(workspace.project.folder).settings["fill upper"] == "Base"
    workspace.horizons.remove("Base")
    assert fill.pair == (None, "Top")


def test_what_cannot_be_filled_is_said(workspace, fill, grids):
    workspace.navigation.show_volume()
    with pytest.raises(LabelError, match="choose Inline"):
        fill.fill("Top", "Base")
    workspace.navigation.show(Section.INLINE)
    workspace.tools._layer.selected_label = 7
    with pytest.raises(LabelError, match="Choose a class"):
        fill.fill("Top", "Base")
    workspace.interpretation.suspend("looked at")
    with pytest.raises(LabelError, match="looked at"):
        fill.fill("Top", "Base")
    assert fill.refusal.startswith("Nothing can be changed")


@pytest.mark.parametrize("section", SECTIONS)
def test_labels_are_copied_on_and_the_viewer_goes_there(workspace, copy, section):
    rng = np.random.default_rng(1)
    facies = workspace.interpretation.facies
    facies[:] = rng.integers(0, 3, facies.shape)
    workspace.navigation.show(section)
    workspace.navigation.go_to(2)
    before = codes_of(workspace)
    for line in (3, 4):
        source, there = (np.take(codes_of(workspace), at, section) for at in (line - 1, line))
        copy.copy_on(1)
        assert workspace.navigation.line == line
        copied = np.where(there > 0, there, source)
        assert np.array_equal(np.take(codes_of(workspace), line, section), copied)
    copy.options = CopyOptions(lines=3, replace=True)
    source, there = (np.take(codes_of(workspace), at, section) for at in (4, 1))
    copy.copy_on(-1)
    assert workspace.navigation.line == 1
    assert np.array_equal(
        np.take(codes_of(workspace), 1, section), np.where(source > 0, source, there)
    )
    for _ in range(3):
        workspace.undo()
    assert np.array_equal(codes_of(workspace), before)


def test_a_copy_moves_down_by_a_shift(workspace, copy):
    facies = workspace.interpretation.facies
    facies[2, 1:3, 4:8] = 2
    workspace.navigation.go_to(2)
    copy.options = CopyOptions(shift=8.0)
    assert copy.copy_on(1) == "Inline 16: 8 voxels as on Inline 14, moved by 8 ms."
    assert np.argwhere(facies[3])[:, 1].tolist() == [6, 7, 8, 9] * 2
    copy.options = CopyOptions(shift=-7.0)
    copy.copy_on(1)
    assert np.argwhere(facies[4])[:, 1].tolist() == [4, 5, 6, 7] * 2
    assert workspace.interpretation.revisions[-1].words == "Inline 16 to Inline 18"


def test_a_time_slice_is_copied_without_a_shift(workspace, copy):
    workspace.interpretation.facies[1, 2, 5] = 1
    workspace.navigation.show(Section.TIME_SLICE)
    workspace.navigation.go_to(5)
    copy.options = CopyOptions(shift=8.0, follow=True)
    copy.copy_on(1)
    assert np.argwhere(codes_of(workspace)).tolist() == [[1, 2, 5], [1, 2, 6]]


def test_what_cannot_be_copied_is_said_and_nothing_moves(workspace, copy):
    workspace.navigation.go_to(5)
    with pytest.raises(LabelError, match="Inline 20 has no labels to copy"):
        copy.copy_on(-1)
    workspace.interpretation.facies[5] = 1
    with pytest.raises(LabelError, match="Inline 20 is the last one that way"):
        copy.copy_on(1)
    copy.options = CopyOptions(lines=9)
    with pytest.raises(LabelError, match="Inline 10 is the last one that way"):
        copy.copy_on(-1)
    assert workspace.navigation.line == 5


def test_traces_that_do_not_exist_get_no_labels(workspace, fill, copy):
    live = np.ones((6, 5), bool)
    live[1, 3] = False
    object.__setattr__(workspace.geometry, "live", live)
    workspace.navigation.go_to(1)
    fill.fill(None, None)
    assert codes_of(workspace)[1].all(axis=1).tolist() == [True, True, True, False, True]
    workspace.interpretation.facies[0] = 1
    workspace.navigation.go_to(0)
    copy.options = CopyOptions(replace=True)
    copy.copy_on(1)
    assert not codes_of(workspace)[1, 3].any()
