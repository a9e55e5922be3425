"""An import of labels step by step, without a window."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import HypersegError, LabelError, ProjectError, WellError
from napari_hyperseg.labels.stamps import unheard
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.survey.horizon_files.writing import write_horizon_file
from napari_hyperseg.viewer.label_import import ImportChoice, LabelImport
from napari_hyperseg.viewer.label_import_words import facts, notes
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.workspace import Workspace

WELLS = """well,inline,crossline,top_ms,base_ms,facies
A,14,33,100,120,Sand
A,14,33,120,160,Shale
gone,99,35,100,140,Coal
"""


@pytest.fixture
def workspace(shown):
    """The tiny project, open."""
    workspace = Workspace(shown, SessionModel())
    yield workspace
    workspace.close()


@pytest.fixture
def importing(workspace) -> LabelImport:
    return LabelImport(workspace)


@pytest.fixture
def files(tmp_path: Path, survey) -> dict[str, Path]:
    """A file of each kind, under names that do not tell."""
    facies = np.zeros((6, 5, 20), np.uint8)
    facies[1:3, :, 4:8] = 3
    with (tmp_path / "facies.data").open("wb") as file:
        np.save(file, facies)
    (tmp_path / "wells.txt").write_text(WELLS)
    grid = np.full((6, 5), 140.0)
    write_horizon_file(tmp_path / "top.csv", grid, survey.geometry, "csv")
    write_horizon_file(tmp_path / "base.txt", grid + 20, survey.geometry, "opendtect")
    return {path.stem: path for path in tmp_path.iterdir() if path.suffix not in (".sgy", "")}


def choice(files: dict[str, Path], *names: str, **said) -> ImportChoice:
    return ImportChoice(tuple(files[name] for name in names), **said)


@pytest.mark.parametrize(
    ("names", "kind", "found"),
    [
        (["facies"], "facies", "a facies volume"),
        (["wells"], "wells", "1 of 2 wells, radius 50 m"),
        (["top"], "horizons", "a horizon"),
        (["base", "top"], "horizons", "2 horizons"),
    ],
)
def test_files_are_known_by_their_content(importing, files, names, kind, found):
    look = importing.look(choice(files, *names), unheard)
    assert (look.kind, importing.kind) == (kind, kind)
    assert look.examined.plan.found == found


def test_a_look_says_what_would_be_labelled_and_changes_nothing(importing, files, workspace):
    look = importing.look(choice(files, "wells", radius="1 trace", crosslines="32-33"), unheard)
    assert look.examined.classes == ((1, "Sand", 20), (2, "Shale", 40))
    assert look.new == {1, 2}
    assert facts(look, importing.geometry) == {
        "found": "1 of 2 wells, radius 1 trace",
        "labels": "60 voxels on 4 traces, 13.3% of all",
        "inlines": "12, 14, 16",
        "crosslines": "32, 33",
    }
    assert notes(look).startswith("gone is left out: inline 99")
    assert workspace.legend.names == ("Class 1", "Class 2")
    assert not np.any(workspace.layer(Role.LABELS).data)


def test_from_look_to_layer(importing, files, workspace):
    recounted = []
    workspace.model.changed.connect(lambda session: recounted.append(session.labelled))
    look = importing.look(choice(files, "top", "base", inlines="10-14"), unheard)
    importing.begin(look)
    importing.write(look, unheard)
    importing.finish(look)
    labels = workspace.layer(Role.LABELS).data
    assert labels[0, 0].tolist() == [1] * 10 + [2] * 5 + [3] * 5
    assert not labels[3:].any()
    assert workspace.legend.names == ("above top", "top to base", "below base")
    assert list(workspace.project.entry().boundaries) == ["top", "base"]
    until = time.monotonic() + 10
    while ((1, 150), (2, 75), (3, 75)) not in recounted:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_what_is_broken_off_is_taken_back(importing, files, workspace):
    look = importing.look(choice(files, "facies"), unheard)
    importing.begin(look)
    assert workspace.legend.n_classes == 3

    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.write(look, stop)
    importing.give_up(look)
    assert workspace.legend.names == ("Class 1", "Class 2")
    assert not np.any(workspace.layer(Role.LABELS).data)


def test_files_are_read_once(importing, files):
    importing.look(choice(files, "wells"), unheard)
    files["wells"].unlink()
    look = importing.look(choice(files, "wells", radius="10"), unheard)
    assert look.examined.tally.traces == 1
    with pytest.raises(HypersegError, match="cannot be read"):
        importing.look(choice(files, "wells", unit="ms"), unheard)


@pytest.mark.parametrize(
    ("names", "said", "error", "message"),
    [
        (["wells", "top"], {}, LabelError, "wells.txt holds wells and top.csv a horizon"),
        (["wells", "wells"], {}, LabelError, "one file of wells at a time"),
        (["facies", "facies"], {}, LabelError, "one facies volume at a time"),
        (["top", "top"], {}, LabelError, "same name"),
        (["wells"], {"radius": "far"}, WellError, '"far"'),
        (["wells"], {"unit": "m"}, WellError, r"in depth \(m\)"),
        (["facies"], {"inlines": "11"}, LookupError, "Inline 11"),
        (["facies"], {"inlines": "10"}, LabelError, "Nothing to label"),
    ],
)
def test_what_cannot_be_imported_is_one_line(importing, files, names, said, error, message):
    with pytest.raises(error, match=message) as raised:
        importing.look(choice(files, *names, **said), unheard)
    assert "\n" not in str(raised.value)


def test_without_a_survey_there_is_nothing_to_import(workspace, importing, files):
    look = importing.look(choice(files, "wells"), unheard)
    workspace.viewer.layers.clear()
    with pytest.raises(ProjectError, match="closed"):
        importing.begin(look)
    with pytest.raises(ProjectError, match="No survey is open"):
        LabelImport(workspace)
