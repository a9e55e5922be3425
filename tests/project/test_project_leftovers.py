"""Files of horizons go when neither the record nor the journal leads to them any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.editing import journal as journals
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation
from napari_hyperseg.project.leftovers import remove_leftovers
from napari_hyperseg.project.picks import Picks

SHAPE = (6, 5)
FLAT = np.full(SHAPE, 130.0)


@pytest.fixture
def opened(project: Project) -> Callable:
    """A function that opens the survey anew, as another process would, for a block."""

    @contextmanager
    def open_anew() -> Iterator[Horizons]:
        interpretation = open_interpretation(Project.open(project.folder), "tiny")
        yield Horizons(interpretation.project, "tiny", interpretation)
        close_interpretation(interpretation)

    return open_anew


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A function after which the journal keeps its newest file only: the last record."""
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 1)
    return lambda: monkeypatch.setattr(journals.Journal.shorten, "__defaults__", (1,))


def pick(horizons: Horizons, name: str) -> None:
    stem = horizons.entry(name).stem
    i, j = np.full(5, 2), np.arange(5)
    Picks(horizons._interpretation, stem).put(i, j, np.full(5, 125.0), PickKind.SEED)


def fail_to_import(horizons: Horizons) -> None:
    with horizons._interpretation.whole("Import"):
        horizons.add("New", FLAT)
        horizons.pick("Other", FLAT)
        horizons.add("Bad", np.full(SHAPE, np.nan))


def files(project: Project) -> set[str]:
    folders = [project.folder / "horizons" / "tiny", project.folder / "labels" / "tiny" / "picks"]
    return {path.name for folder in folders if folder.exists() for path in folder.iterdir()}


def of(horizons: Horizons, name: str) -> set[str]:
    """Names of a horizon's files, if it was tracked and picked."""
    entry = horizons.entry(name)
    surface = {f"{entry.surface}.npy", f"{entry.surface}.confidence.npy"}
    return surface | {f"{entry.stem}.times.npy", f"{entry.stem}.kinds.npy"}


def test_undo_leads_back_while_the_journal_does(project: Project, opened):
    with opened() as horizons:
        horizons.add("Top", FLAT, confidence=FLAT / 200)
        pick(horizons, "Top")
        first = of(horizons, "Top")
        horizons.add("Top", FLAT + 8, confidence=FLAT / 200)
        second = of(horizons, "Top")
        horizons.remove("Top")
    with opened() as horizons:
        assert files(project) == first | second
        horizons._interpretation.undo()
        assert horizons.load("Top")[0, 0] == 138
        assert horizons.load("Top")[2, 0] == 125
        horizons._interpretation.undo()
        assert horizons.load("Top")[0, 0] == 130
    with opened() as horizons:  # what would be done again stays, too
        assert files(project) == first | second
        horizons._interpretation.redo()
        assert horizons.load("Top")[0, 0] == 138


def test_an_undone_branch_keeps_its_files(project: Project, opened):
    with opened() as horizons:
        horizons.add("Top", FLAT)
        horizons.add("Branch", FLAT + 8)
        branch = horizons._interpretation.position
        horizons._interpretation.undo()
        horizons.rename("Top", "Reef")
    with opened() as horizons:
        horizons._interpretation.go_to(branch)
        assert horizons.load("Branch")[0, 0] == 138


def test_what_the_journal_forgot_is_gone(project: Project, opened, forgetful):
    with opened() as horizons:
        horizons.add("Top", FLAT, confidence=FLAT / 200)
        pick(horizons, "Top")
        horizons.add("Gone", FLAT, confidence=FLAT / 200)
        pick(horizons, "Gone")
        former = horizons.entry("Top").surface
        gone = of(horizons, "Gone")
        horizons.remove("Gone")
        horizons.add("Top", FLAT + 8, confidence=FLAT / 200)
        present = of(horizons, "Top")
        horizons._interpretation.facies[0, 0, 0] = 1
        horizons._interpretation.flush()
    assert files(project) >= gone
    forgetful()
    with opened() as horizons:
        assert files(project) == present
        assert f"{former}.npy" not in present
        assert horizons.load("Top")[0, 0] == 138
        assert horizons.load("Top")[2, 0] == 125
        assert horizons._interpretation.facies[0, 0, 0] == 1
    with opened() as horizons:
        assert files(project) == present


def test_what_a_failed_import_left_goes_with_the_next_opening(project: Project, opened):
    with opened() as horizons:
        horizons.add("Top", FLAT)
        kept = files(project)
        with pytest.raises(ProjectError):
            fail_to_import(horizons)
        assert files(project) > kept
    with opened() as horizons:
        stems = {f"{horizons.entry('Top').stem}.{kind}.npy" for kind in ("times", "kinds")}
        assert files(project) == kept | stems
        assert horizons.names == ("Top",)


def test_strange_names_links_and_folders_stay(project: Project, opened, tmp_path: Path):
    with opened() as horizons:
        horizons.add("Top", FLAT)
        pick(horizons, "Top")
    outside = tmp_path / "outside.npy"
    np.save(outside, FLAT)
    surfaces = project.folder / "horizons" / "tiny"
    picks = project.folder / "labels" / "tiny" / "picks"
    strangers = [surfaces / name for name in ("mine.npy", "Top-0123456.npy", "Top-01234567.txt")]
    strangers += [picks / "Top-01234567.npy", picks / "mine.times.npy", picks / "README-89abcdef"]
    for path in strangers:
        path.write_bytes(b"mine")
    link = surfaces / "Link-01234567.npy"
    link.symlink_to(outside)
    (surfaces / "Folder-01234567.npy").mkdir()
    leftover = surfaces / "Left_over-01234567.confidence.npy"
    leftover.write_bytes(b"left")
    before = files(project)
    with opened():
        assert files(project) == before - {leftover.name}
    assert outside.exists()


def test_what_is_left_after_a_stop_in_the_middle_goes_the_next_time(
    project: Project, opened, monkeypatch: pytest.MonkeyPatch
):
    with opened() as horizons:
        horizons.add("Top", FLAT)
    kept = files(project)
    folder = project.folder / "horizons" / "tiny"
    for number in range(3):
        (folder / f"Left-0123456{number}.npy").write_bytes(b"left")
    unlink = Path.unlink

    def dies_at_the_second(path: Path, missing_ok: bool = False) -> None:
        if path.name == "Left-01234561.npy":
            raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            remove_leftovers(Project.open(project.folder), "tiny", [], [])
    assert len(files(project) - kept) == 2
    with opened() as horizons:
        assert horizons.load("Top")[0, 0] == 130
        assert not {name for name in files(project) if name.startswith("Left")}


def test_who_only_reads_removes_nothing(project: Project, opened):
    with opened() as horizons:
        horizons.add("Top", FLAT)
        leftover = project.folder / "horizons" / "tiny" / "Left-01234567.npy"
        leftover.write_bytes(b"left")
        looking = Project.open(project.folder)
        looking.read_only = "open in a window"
        Interpretation(looking, "tiny").close()
        assert leftover.exists()
        assert Horizons(looking, "tiny").load("Top")[0, 0] == 130
    with opened():
        assert not leftover.exists()
        assert Horizons(looking, "tiny").load("Top")[0, 0] == 130


def test_a_record_that_another_process_wrote_meanwhile_counts(project: Project, opened):
    """The project was read before the claim was taken."""
    early = Project.open(project.folder)
    late = Project.open(project.folder)
    Horizons(late, "tiny").add("Top", FLAT)
    interpretation = open_interpretation(early, "tiny")
    assert early.entry("tiny").horizons == ()
    assert Horizons(late, "tiny").load("Top")[0, 0] == 130
    close_interpretation(interpretation)


@pytest.mark.parametrize("content", [b"", b"{}", b"no json"])
def test_where_the_record_cannot_be_read_everything_stays(project: Project, opened, content: bytes):
    early = Project.open(project.folder)
    leftover = project.folder / "horizons" / "tiny" / "Left-01234567.npy"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"left")
    (project.folder / "project.json").write_bytes(content)
    close_interpretation(open_interpretation(early, "tiny"))
    assert leftover.exists()
