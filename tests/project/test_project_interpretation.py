"""Edits: recorded once, undone and done again, there after a kill, and nothing half-done."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napari_hyperseg.errors import LabelError, ProjectError
from napari_hyperseg.labels.editing import journal as journals
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretation import FACIES, Edited, Interpretation
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation
from napari_hyperseg.project.noted import LEGEND


@pytest.fixture
def interpretation(project: Project) -> Iterator[Interpretation]:
    opened = Interpretation(project, "tiny")
    yield opened
    opened.close()


def on_disk(project: Project) -> np.ndarray:
    return np.array(project.labels("tiny", writable=False).codes)


def reopened(interpretation: Interpretation) -> Interpretation:
    """Open as if the process had died: nothing that waits is written."""
    keeper = interpretation._keeper
    assert keeper is not None
    with keeper.held():
        keeper._array_of = lambda target: None
        keeper._settled = lambda: None
    keeper.close()
    return Interpretation(Project.open(interpretation.project.folder), "tiny")


def test_a_write_is_one_edit_on_disk_and_undone(interpretation: Interpretation, project: Project):
    told: list[Edited] = []
    interpretation.edited.connect(told.append)
    interpretation.facies[1, 2:4, 3:6] = 2
    assert [event.boxes(FACIES) for event in told] == [[((1, 2), (2, 4), (3, 6))]]
    interpretation.flush()
    assert on_disk(project)[1, 2:4, 3:6].tolist() == [[2] * 3] * 2
    assert interpretation.undo() is not None
    assert not np.asarray(interpretation.facies).any()
    interpretation.flush()
    assert not on_disk(project).any()
    assert interpretation.redo() is not None
    assert np.count_nonzero(interpretation.facies) == 6
    assert len(told) == 3


def test_a_stroke_of_many_stamps_is_one_edit(interpretation: Interpretation):
    told: list[Edited] = []
    interpretation.edited.connect(told.append)
    with interpretation.edit("Brush", "Class 1"):
        for j in range(4):
            interpretation.facies[0, j : j + 2, 1:3] = 1
    assert len(told) == 1
    assert [revision.tool for revision in interpretation.revisions] == ["Brush"]
    interpretation.undo()
    assert not np.asarray(interpretation.facies).any()


def test_what_changes_nothing_is_no_edit(interpretation: Interpretation):
    interpretation.facies[0, 0, 0] = 0
    with interpretation.edit("Brush"):
        interpretation.facies[0, 0, 0] = 3
        interpretation.facies[0, 0, 0] = 0
    assert interpretation.revisions == ()


@pytest.mark.parametrize(
    "key",
    [
        (1, 2, 3),
        (slice(0, 2), 1, slice(None)),
        (np.array([0, 1, 1]), np.array([2, 3, 3]), np.array([4, 5, 6])),
        (Ellipsis, 3),
        slice(1, 2),
        -1,
        (slice(None), slice(None), 7),
        (slice(None, None, 2), slice(1, 3)),
    ],
)
def test_any_index_is_written_and_undone_exactly(interpretation: Interpretation, key):
    interpretation.facies[0] = 5
    expected = np.asarray(interpretation.facies)
    before = expected.copy()
    expected[key] = 7
    interpretation.facies[key] = 7
    assert np.array_equal(interpretation.facies, expected)
    assert np.array_equal(interpretation.facies[key], expected[key])
    interpretation.undo()
    assert np.array_equal(interpretation.facies, before)


def test_a_mask_is_written_and_undone(interpretation: Interpretation):
    mask = np.zeros(interpretation.facies.shape, bool)
    mask[1, 1, 1] = mask[2, 3, 4] = True
    interpretation.facies[mask] = 4
    assert np.argwhere(interpretation.facies).tolist() == [[1, 1, 1], [2, 3, 4]]
    interpretation.undo()
    assert not np.asarray(interpretation.facies).any()


def test_locked_classes_stay(interpretation: Interpretation):
    interpretation.facies[0, 0, :4] = 1
    interpretation.facies[0, 0, 4:8] = 2
    interpretation.facies.locked = lambda: frozenset({1})
    kept: list[bool] = []
    interpretation.facies.kept_back = lambda: kept.append(True)
    interpretation.facies[0, 0, 2:10] = 3
    assert interpretation.facies[0, 0, :11].tolist() == [1] * 4 + [3] * 6 + [0]
    assert kept == [True]


def test_time_slices_are_the_same_with_and_without_knowing_the_traces(
    interpretation: Interpretation,
):
    interpretation.facies[1, 2, 3:9] = 2
    whole = np.asarray(interpretation.facies)
    interpretation.facies.holding = whole.any(axis=2)
    interpretation.facies[2, 1, 5] = 4
    whole = np.asarray(interpretation.facies)
    assert np.array_equal(interpretation.facies[:, :, 5], whole[:, :, 5])
    assert np.array_equal(interpretation.facies[1:3, 0, 5:6], whole[1:3, 0, 5:6])


def test_the_legend_is_undone_with_the_labels(interpretation: Interpretation, project: Project):
    def grow() -> None:
        project.legend = project.legend.with_class("Salt")
        project.save()

    with interpretation.edit("Add class"):
        interpretation.note(LEGEND, grow)
        interpretation.facies[0, 0, 0] = 3
    assert Project.open(project.folder).legend.n_classes == 3
    interpretation.undo()
    assert Project.open(project.folder).legend.n_classes == 2
    assert not np.asarray(interpretation.facies).any()
    interpretation.redo()
    assert Project.open(project.folder).legend[3].name == "Salt"


def test_who_comes_second_only_reads_and_says_why(project: Project):
    with other_process(project.folder):
        second = open_interpretation(Project.open(project.folder), "tiny")
        assert "open in the other window since" in second.read_only
        with pytest.raises(LabelError, match="open in the other window"):
            second.facies[0, 0, 0] = 1
        with pytest.raises(ProjectError, match="open in the other window"):
            second.project.save()
        assert second.can_undo is None
        close_interpretation(second)
    third = open_interpretation(Project.open(project.folder), "tiny")
    assert third.read_only == ""
    third.facies[0, 0, 0] = 1
    close_interpretation(third)
    assert on_disk(project)[0, 0, 0] == 1


def test_in_one_process_a_survey_is_opened_once(project: Project):
    first = open_interpretation(project, "tiny")
    second = open_interpretation(Project.open(project.folder), "tiny")
    assert second is first
    close_interpretation(first)
    second.facies[0, 0, 0] = 1
    close_interpretation(second)
    assert "closed" in second.read_only


@contextmanager
def other_process(folder: Path) -> Iterator[None]:
    holder = (
        "import sys\nfrom pathlib import Path\n"
        "from napari_hyperseg.project.claim import Claim\n"
        "claim = Claim(Path(sys.argv[1]), 'the other window')\n"
        "print('claimed', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"claimed\n"
        yield
        process.kill()


edits = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"),
            st.tuples(*(st.integers(0, n - 1) for n in (3, 4, 20))),
            st.tuples(*(st.integers(1, 4) for _ in range(3))),
            st.integers(0, 3),
        ),
        st.tuples(st.sampled_from(["undo", "redo", "go", "die"]), st.integers(0, 12)),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=edits)
def test_every_state_there_ever_was_comes_back(project: Project, steps):
    """The states are compared with copies; `die` opens the project without closing it."""
    shutil.rmtree(project.folder / "labels", ignore_errors=True)
    opened = Interpretation(project, "tiny")
    states = {opened.position: np.asarray(opened.facies)}
    try:
        for what, *arguments in steps:
            if what == "write":
                start, shape, code = arguments
                at = tuple(slice(a, a + n) for a, n in zip(start, shape, strict=True))
                opened.facies[at] = code
                states.setdefault(opened.position, np.asarray(opened.facies))
            elif what == "die":
                opened = reopened(opened)
            elif what == "go":
                known = sorted(states)
                opened.go_to(known[arguments[0] % len(known)])
            else:
                getattr(opened, what)()
            assert np.array_equal(opened.facies, states[opened.position])
        opened.flush()
        assert np.array_equal(on_disk(project), states[opened.position])
    finally:
        opened.close()


def test_what_the_arrays_missed_is_written_again(interpretation: Interpretation, project: Project):
    """The process dies when the journal has the edit, and the arrays have not."""
    assert interpretation._keeper is not None
    interpretation._keeper.keep = lambda changes, **_: None  # type: ignore[method-assign]
    interpretation.facies[0, 1, 2:5] = 2
    assert not on_disk(project).any()
    again = reopened(interpretation)
    assert again.facies[0, 1, 2:5].tolist() == [2, 2, 2]
    again.close()
    assert np.count_nonzero(on_disk(project)) == 3


def test_a_record_that_was_cut_off_was_never_made(interpretation: Interpretation, project: Project):
    interpretation.facies[0, 0, 0] = 1
    interpretation.flush()
    (segment,) = project.journal_path("tiny").glob("*.journal")
    whole = segment.read_bytes()
    interpretation.facies[0, 0, 1] = 2
    interpretation.flush()
    longer = segment.read_bytes()
    for cut in range(len(whole) + 1, len(longer), 7):
        segment.write_bytes(longer[:cut])
        again = reopened(interpretation)
        assert next(revision.number for revision in again.revisions) == 1
        again.facies[0, 0, 5] = 3
        again.undo()
        again.close()


def test_a_full_disk_keeps_edits_in_memory(
    interpretation: Interpretation, project: Project, monkeypatch: pytest.MonkeyPatch
):
    troubles: list[str] = []
    interpretation.troubled.connect(troubles.append)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journals, "_write_all", full)
        interpretation.facies[0, 0, :5] = 1
        interpretation.facies[0, 1, :5] = 2
        assert "No space left" in troubles[-1]
        assert interpretation.facies[0, 1, 0] == 2
        interpretation.undo()
        assert interpretation.facies[0, 1, 0] == 0
    interpretation.try_again()
    assert troubles[-1] == ""
    again = reopened(interpretation)
    assert np.count_nonzero(again.facies) == 5
    assert len(again.revisions) == 2
    again.close()


def test_old_revisions_go_when_there_are_too_many(project: Project, monkeypatch):
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 2000)
    opened = Interpretation(project, "tiny")
    for code in range(1, 40):
        opened.facies[0, 0] = code
    opened._history._journal.shorten(5000)
    again = reopened(opened)
    assert 1 < len(again.revisions) < 39
    assert again.facies[0, 0, 0] == 39
    while again.can_undo:
        again.undo()
    assert again.facies[0, 0, 0] == 39 - len(again.revisions)
    with pytest.raises(LabelError, match="no longer kept"):
        again.go_to(1)
    again.close()


def test_garbage_in_the_journal_is_refused_and_harms_nothing(project: Project):
    folder = project.journal_path("tiny")
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    (folder / "000001.journal").write_bytes(b"HSJ1" + random.bytes(500))
    (folder / "nonsense.journal").write_bytes(random.bytes(100))
    opened = Interpretation(project, "tiny")
    opened.facies[0, 0, 0] = 1
    opened.undo()
    assert not np.asarray(opened.facies).any()
    opened.close()
