"""Looking at any state there ever was shows exactly that state, and changes nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napari_hyperseg.errors import LabelError, ProjectError
from napari_hyperseg.labels.editing import journal as journals
from napari_hyperseg.labels.editing.past import BLOCK, PastVolume
from napari_hyperseg.labels.editing.patch import Patch
from napari_hyperseg.labels.editing.volume import LabelVolume
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.noted import HORIZONS, LEGEND
from napari_hyperseg.project.past import Past
from napari_hyperseg.project.picks import Picks
from napari_hyperseg.project.time_line import Standing, looking_text, time_line, time_text


@pytest.fixture
def interpretation(project: Project) -> Iterator[Interpretation]:
    opened = Interpretation(project, "tiny")
    yield opened
    opened.close()


def rows(interpretation: Interpretation) -> list[tuple[int, Standing]]:
    found = time_line(interpretation.revisions, interpretation.position, interpretation.onward)
    return [(moment.number, moment.standing) for moment in found]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


Steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("paint"), st.integers(0, 5), st.integers(0, 4), st.integers(0, 19),
            st.integers(0, 3),
        ),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
        st.tuples(st.just("go"), st.integers(0, 30)),
    ),
    max_size=12,
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=Steps, looks=st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_every_state_there_ever_was_is_shown_exactly(
    tmp_path_factory, tiny_segy: Path, steps, looks
):
    project = Project.create(tmp_path_factory.mktemp("past") / "p.hyperseg", [tiny_segy])
    opened = Interpretation(project, "tiny")
    states = {0: np.asarray(opened.facies)}
    for name, *arguments in steps:
        if name == "paint":
            i, j, k, code = arguments
            opened.facies[i : i + 2, j : j + 2, k : k + 5] = code
            states[opened.position] = np.asarray(opened.facies)
        elif name == "go":
            opened.go_to(sorted(states)[arguments[0] % len(states)])
        else:
            getattr(opened, name)()
    present = np.asarray(opened.facies)
    past = Past(opened)
    for look in looks:
        number = sorted(states)[look % len(states)]
        past.move(number)
        assert np.array_equal(past.facies, states[number])
        assert np.array_equal(past.facies[2], states[number][2])
        assert np.array_equal(past.facies[:, 3, 5:9], states[number][:, 3, 5:9])
        assert np.array_equal(past.facies[:, :, 7], states[number][:, :, 7])
        assert past.facies[1, 2, 3] == states[number][1, 2, 3]
    assert np.array_equal(opened.facies, present)
    opened.close()


def test_looking_writes_nothing(interpretation: Interpretation, project: Project):
    for code in (1, 2, 3):
        interpretation.facies[code] = code
    interpretation.flush()
    before = content(project.folder)
    interpretation.suspend("shown as it was")
    past = Past(interpretation)
    for number in (0, 2, 1, 3, 0):
        past.move(number)
    assert not np.asarray(past.facies).any()
    with pytest.raises(LabelError, match="only looked at"):
        past.facies[0, 0, 0] = 1
    with pytest.raises(LabelError, match="shown as it was"):
        interpretation.facies[0, 0, 0] = 1
    assert (interpretation.can_undo, interpretation.can_redo) == (None, None)
    with pytest.raises(LabelError, match="shown as it was"):
        interpretation.go_to(1)
    assert content(project.folder) == before
    interpretation.resume()
    interpretation.facies[0, 0, 0] = 1
    assert interpretation.position == 4


def test_what_could_not_be_changed_before_cannot_be_after_looking(project: Project):
    project.read_only = "open in another window"
    opened = Interpretation(project, "tiny")
    opened.suspend("shown as it was")
    opened.resume()
    with pytest.raises(LabelError, match="open in another window"):
        opened.facies[0, 0, 0] = 1


KILLED = """
import os, sys
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretations import open_interpretation
from napari_hyperseg.project.past import Past
opened = open_interpretation(Project.open(sys.argv[1]), "tiny")
opened.facies[0] = 1
opened.facies[1] = 2
opened.flush()
opened.suspend("shown as it was")
past = Past(opened)
past.move(0)
assert not past.facies[0].any()
os.kill(os.getpid(), 9)
"""


def test_a_death_while_looking_changes_nothing(project: Project):
    subprocess.run([sys.executable, "-c", KILLED, str(project.folder)], check=False, timeout=60)
    again = Interpretation(Project.open(project.folder), "tiny")
    assert again.position == 2
    assert (again.facies[0] == 1).all()
    assert (again.facies[1] == 2).all()
    again.close()


def test_legend_horizons_and_picks_are_shown_as_they_were(
    interpretation: Interpretation, project: Project
):
    def grow() -> None:
        project.legend = project.legend.with_class("Salt")
        project.save()

    horizons = Horizons(project, "tiny", interpretation)
    horizons.create("Top")
    entry = horizons.entry("Top")
    seeds = np.array([1, 2])
    Picks(interpretation, entry.stem).put(seeds, seeds, np.array([120.0, 130.0]), PickKind.SEED)
    picked = interpretation.position
    Picks(interpretation, entry.stem).erase(np.array([1]), np.array([1]))
    horizons.rename("Top", "Base")
    interpretation.note(LEGEND, grow)
    past = Past(interpretation)
    assert past.move(picked) >= {LEGEND, HORIZONS}
    assert past.horizons.names == ("Top",)
    grid = past.horizons.load("Top")
    assert (grid[1, 1], grid[2, 2]) == (120.0, 130.0)
    assert past.project.legend.n_classes == 2
    with pytest.raises(LabelError, match="shown as it was"):
        past.horizons.rename("Top", "Other")
    with pytest.raises(ProjectError, match="shown as it was"):
        past.project.save()
    past.move(interpretation.position)
    assert past.horizons.names == ("Base",)
    assert np.isnan(past.horizons.load("Base")[1, 1])
    assert horizons.names == ("Base",)
    assert project.legend.n_classes == 3


def test_blocks_at_the_edge_and_of_nothing_are_right():
    shape = (BLOCK[0] + 3, 5, BLOCK[2] * 2 + 1)
    present = LabelVolume(np.random.default_rng(0).integers(0, 4, shape).astype(np.uint8))
    past = PastVolume(present)
    expected = np.asarray(present)
    for start, stop, code in (((0, 0, 0), shape, 0), ((10, 2, 60), (18, 4, 129), 3)):
        box = tuple(slice(a, b) for a, b in zip(start, stop, strict=True))
        after = np.full_like(expected[box], code)
        past.put(Patch.of("facies", start, expected[box], after))
        expected[box] = code
        assert np.array_equal(past, expected)
        assert np.array_equal(past[:, 2], expected[:, 2])
    assert np.array_equal(past[expected == 3], expected[expected == 3])


def test_the_time_line_tells_what_became_of_each_edit(interpretation: Interpretation):
    for code in (1, 2, 3):
        interpretation.facies[0] = code
    interpretation.undo()
    interpretation.undo()
    interpretation.facies[0] = 4
    assert rows(interpretation) == [
        (0, Standing.DONE),
        (1, Standing.DONE),
        (2, Standing.LEFT),
        (3, Standing.LEFT),
        (4, Standing.PRESENT),
    ]
    interpretation.go_to(3)
    assert dict(rows(interpretation))[4] is Standing.LEFT
    interpretation.undo()
    assert [standing for _, standing in rows(interpretation)] == [
        Standing.DONE, Standing.DONE, Standing.PRESENT, Standing.UNDONE, Standing.LEFT,
    ]  # fmt: skip
    interpretation.go_to(0)
    assert rows(interpretation)[0] == (0, Standing.PRESENT)


def test_going_back_is_told_once_and_nothing_is_lost(interpretation: Interpretation):
    for code in (1, 2, 3):
        interpretation.facies[code] = code
    told: list[object] = []
    interpretation.edited.connect(told.append)
    interpretation.go_to(0)
    assert len(told) == 1
    interpretation.go_to(0)
    assert len(told) == 1
    assert not np.asarray(interpretation.facies).any()
    interpretation.go_to(3)
    assert interpretation.facies[:4, 0, 0].tolist() == [0, 1, 2, 3]
    assert len(interpretation.revisions) == 3


def test_states_that_are_no_longer_kept_are_refused(project: Project, monkeypatch):
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 1000)
    first = Interpretation(project, "tiny")
    for code in range(1, 9):
        first.facies[0, :, code] = code
    first.close()
    monkeypatch.setattr(journals.Journal.shorten, "__defaults__", (1500,))
    again = Interpretation(project, "tiny")
    found = time_line(again.revisions, again.position, again.onward)
    assert 0 < found[0].number == again.revisions[0].parent
    assert found[0].text == "Before the first edit that is kept"
    past = Past(again)
    past.move(found[0].number)
    assert past.facies[0, 0].tolist()[: found[0].number + 2] == [*range(found[0].number + 1), 0]
    with pytest.raises(LabelError, match="no longer kept"):
        past.move(0)
    again.close()


def test_times_are_told_as_people_say_them():
    now = datetime(2026, 11, 23, 15, 0).timestamp()
    assert time_text(datetime(2026, 11, 23, 14, 2).timestamp(), now) == "14:02"
    assert time_text(datetime(2026, 11, 2, 9, 5).timestamp(), now) == "2 Nov 09:05"
    assert time_text(datetime(2025, 11, 2, 9, 5).timestamp(), now) == "2 Nov 2025 09:05"
    assert time_text(None, now) == ""


def test_what_is_looked_at_is_told(interpretation: Interpretation):
    with interpretation.edit("Brush", "Class 2, Inline 10"):
        interpretation.facies[0] = 2
    first, last = time_line(interpretation.revisions, 1)
    assert looking_text(first, 0) == "Looking at: Before the first edit"
    told = looking_text(last, interpretation.revisions[0].time)
    assert told.endswith(": Brush, Class 2, Inline 10")
