"""What may happen to a project: its process dies between any two steps, its disk is full."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import LabelError, ProjectError
from napari_hyperseg.labels.editing import journal as journals
from napari_hyperseg.project import folder as folders
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.noted import LEGEND

FULL_DISK = Path(__file__).with_name("full_disk.py")


@pytest.fixture
def interpretation(project: Project) -> Iterator[Interpretation]:
    opened = Interpretation(project, "tiny")
    yield opened
    opened.close()


def abandon(interpretation: Interpretation) -> None:
    """Leave everything as a process that dies now would."""
    keeper = interpretation._keeper
    assert keeper is not None
    with keeper.held():
        keeper._array_of = lambda target: None
        keeper._settled = lambda: None
        keeper._ready = lambda: True
    keeper.close()


def again(interpretation: Interpretation) -> Interpretation:
    abandon(interpretation)
    return Interpretation(Project.open(interpretation.project.folder), "tiny")


def grow(project: Project) -> None:
    project.legend = project.legend.with_class()
    project.save()


def on_disk(project: Project) -> np.ndarray:
    return np.array(project.labels("tiny", writable=False).codes)


def n_classes(project: Project) -> int:
    return Project.open(project.folder).legend.n_classes


def test_the_record_is_saved_when_the_journal_has_the_edit(interpretation, project):
    """Who dies within an edit leaves neither its legend nor its labels."""
    with interpretation.edit("Add class"):
        interpretation.note(LEGEND, lambda: grow(project))
        interpretation.facies[0, 0, 0] = 3
        assert (project.legend.n_classes, n_classes(project)) == (3, 2)
    assert n_classes(project) == 3


@pytest.mark.parametrize("act", ["edit", "undo", "go_to"])
def test_what_the_journal_says_is_settled_is_in_the_record(
    interpretation, project, monkeypatch, act
):
    """The arrays' thread may be quicker than the record is saved."""
    interpretation.note(LEGEND, lambda: grow(project))
    interpretation.flush()
    settled: list[int] = []
    settle = interpretation._history.settle
    interpretation._keeper._settled = lambda: (settled.append(n_classes(project)), settle())
    write = folders.write_record
    monkeypatch.setattr(folders, "write_record", lambda *a: (time.sleep(0.2), write(*a)))
    if act == "edit":
        interpretation.note(LEGEND, lambda: grow(project))
    else:
        interpretation.undo() if act == "undo" else interpretation.go_to(0)
    interpretation.flush()
    assert set(settled) == {project.legend.n_classes}


@pytest.mark.slow  # what was abandoned waits in vain to be written
def test_a_record_that_was_not_saved_is_caught_up_with(interpretation, project, monkeypatch):
    def full(*_: object) -> None:
        raise ProjectError("project.json cannot be written: No space left on device.")

    told: list[str] = []
    interpretation.troubled.connect(told.append)
    with monkeypatch.context() as patched:
        patched.setattr(folders, "write_record", full)
        interpretation.note(LEGEND, lambda: grow(project))
        assert "No space left" in told[-1]
        assert (project.legend.n_classes, n_classes(project)) == (3, 2)
        abandon(interpretation)
    opened = Interpretation(Project.open(project.folder), "tiny")
    assert (opened.project.legend.n_classes, n_classes(project)) == (3, 3)
    opened.close()


def test_catching_up_leaves_what_others_changed_since(interpretation, project):
    abandon(interpretation)
    opened = Interpretation(Project.open(project.folder), "tiny")
    kept = Horizons(opened.project, "tiny", opened)
    kept.create("mine")
    abandon(opened)
    theirs = Project.open(project.folder)
    Horizons(theirs, "tiny").create("theirs")
    opened = Interpretation(Project.open(project.folder), "tiny")
    assert Horizons(opened.project, "tiny", opened).names == ("mine", "theirs")
    opened.close()


def test_arrays_wait_for_the_journal(interpretation, project, monkeypatch):
    """Else who dies would leave half an edit of which nobody knows."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journals, "_write_all", full)
        interpretation.facies[0] = 1
        interpretation.flush(0.5)
        assert interpretation.waits
        assert not on_disk(project).any()
    interpretation.try_again()
    interpretation.flush()
    assert on_disk(project)[0].all()


def test_a_record_cut_off_before_a_large_one_costs_no_history(project, monkeypatch):
    opened = Interpretation(project, "tiny")
    for code in (1, 2):
        opened.facies[0, 0] = code
    abandon(opened)
    (segment,) = project.journal_path("tiny").glob("*.journal")
    with segment.open("ab") as file:
        file.write(b"HSJ1" + bytes(300))
    monkeypatch.setattr(journals, "SEGMENT_BYTES", segment.stat().st_size)
    opened = Interpretation(project, "tiny")
    opened.facies[:] = np.random.default_rng(0).integers(1, 250, (6, 5, 20), np.uint8)
    opened.facies[0, 0, 0] = 250
    assert len(list(project.journal_path("tiny").glob("*.journal"))) > 1
    opened = again(opened)
    assert len(opened.revisions) == 4
    while opened.can_undo:
        opened.undo()
    assert not np.asarray(opened.facies).any()
    opened.close()


def test_nothing_is_forgotten_that_the_arrays_may_need(project, monkeypatch):
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 500)
    opened = Interpretation(project, "tiny")
    opened._keeper._settled = opened._keeper.keep = lambda *_, **__: None
    for k in range(20):
        opened.facies[:, :, k] = k + 1
    abandon(opened)
    shorten = journals.Journal.shorten
    monkeypatch.setattr(journals.Journal, "shorten", lambda journal: shorten(journal, 500))
    opened = Interpretation(project, "tiny")
    assert np.array_equal(opened.facies[3, 3], np.arange(1, 21))
    opened.close()
    opened = Interpretation(project, "tiny")
    assert 0 < len(opened.revisions) < 20
    while opened.can_undo:
        opened.undo()
    assert opened.facies[3, 3].any()
    opened.close()


def test_who_stands_at_a_forgotten_revision_stays_there(project, monkeypatch):
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 400)
    opened = Interpretation(project, "tiny")
    for code in range(1, 9):
        opened.facies[0, 0] = code
    opened.go_to(2)
    opened.close()
    segments = sorted(project.journal_path("tiny").glob("*.journal"))
    for segment in segments[:-2]:
        segment.unlink()
    opened = Interpretation(project, "tiny")
    assert opened.can_undo is None
    opened.facies[0, 0, 5:] = 99
    opened.undo()
    assert set(np.unique(opened.facies[0, 0])) == {2}
    with pytest.raises(LabelError, match="no longer kept"):
        opened.go_to(1)
    opened.close()


@pytest.mark.slow
def test_no_file_may_grow_any_more(project):
    pytest.importorskip("resource", reason="only POSIX limits the size of files")
    done = subprocess.run(
        [sys.executable, FULL_DISK, project.folder, "size"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


MOUNT = 'mount -o loop "$1" "$2" && cp -r "$3"/. "$2" && exec "$4" "$5" "$2/tiny.hyperseg" disk'


@pytest.mark.slow
def test_the_disk_is_really_full(project, tmp_path):
    """On a file system in a file, mounted for one process."""
    image, mount = tmp_path / "disk", tmp_path / "mounted"
    mount.mkdir()
    with image.open("wb") as file:
        file.truncate(8 << 20)
    if shutil.which("mkfs.ext4") is None or shutil.which("unshare") is None:
        pytest.skip("mkfs.ext4 and unshare are needed to make a small disk")
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    arguments = [image, mount, source(project, tmp_path), sys.executable, FULL_DISK]
    probe = ["unshare", "-m", "sh", "-c", 'mount -o loop "$1" "$2"', "sh", image, mount]
    if subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("nobody but root may mount a disk")
    command = ["unshare", "-m", "sh", "-c", MOUNT, "sh", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def source(project: Project, tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    shutil.copytree(project.folder, folder / project.folder.name)
    shutil.copy(project.entry("tiny").path, folder)
    return folder
