"""Horizons that a project keeps: times in files, names and colours in its record."""

from __future__ import annotations

import json
import pickle
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from colour_vision import JUST_NOTICEABLE, VISION, lab_of

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizon_names import COLORS
from napari_hyperseg.project.horizons import Horizons

SHAPE = (6, 5)


def flat(twt_ms: float) -> np.ndarray:
    return np.full(SHAPE, float(twt_ms))


@pytest.fixture
def horizons(project: Project) -> Horizons:
    """A horizon at 120 ms and one at 150 ms, with a hole."""
    kept = Horizons(project, "tiny")
    base = flat(150)
    base[2, 3] = np.nan
    kept.add("Base", base, source="base.txt")
    kept.add("Top", flat(120))
    return kept


def times_of(project: Project, name: str) -> Path:
    return project.horizon_path("tiny", Horizons(project, "tiny").entry(name).surface)


def test_what_is_kept_is_found_again_from_top_to_bottom(project: Project, horizons: Horizons):
    again = Horizons(Project.open(project.folder), "tiny")
    assert again.names == ("Top", "Base")
    assert again.entries == horizons.entries
    assert again.entry("Base").source == "base.txt"
    base = again.load("Base")
    assert base.dtype == np.float32
    assert np.isnan(base[2, 3])
    assert np.nansum(base) == 29 * 150


def test_a_horizon_between_two_takes_its_place(horizons: Horizons):
    horizons.add("Middle", flat(130))
    assert horizons.names == ("Top", "Middle", "Base")
    horizons.move("Base", -5)
    assert horizons.names == ("Base", "Top", "Middle")
    horizons.move("Base", 1)
    assert horizons.names == ("Top", "Base", "Middle")


@pytest.mark.parametrize("vision", VISION)
def test_default_colours_differ_clearly(vision: str):
    seen = [lab_of(color, vision) for color in COLORS]
    distances = [np.linalg.norm(a - b) for a, b in combinations(seen, 2)]
    assert min(distances) > 6 * JUST_NOTICEABLE


def test_default_colours_stand_out_from_grey_seismic():
    for color in COLORS:
        _, a, b = lab_of(color, "normal")
        assert np.hypot(a, b) > 30, color


def test_colours_differ_until_they_are_all_in_use(horizons: Horizons):
    for number in range(len(COLORS)):
        horizons.add(f"H{number}", flat(110 + number))
    used = [entry.color for entry in horizons.entries]
    assert set(used) == set(COLORS)
    assert max(map(used.count, used)) == 2


def test_a_new_version_replaces_times_and_keeps_colour_and_place(
    project: Project, horizons: Horizons
):
    color, old = horizons.entry("Top").color, times_of(project, "Top")
    horizons.add("Top", flat(160))
    assert horizons.names == ("Top", "Base")
    assert horizons.entry("Top").color == color
    assert horizons.load("Top")[0, 0] == 160
    assert not old.exists()
    assert len(list(old.parent.iterdir())) == 2


def test_a_removed_horizon_leaves_nothing(project: Project, horizons: Horizons):
    path = times_of(project, "Top")
    horizons.remove("Top")
    assert horizons.names == ("Base",)
    assert not path.exists()
    assert Horizons(Project.open(project.folder), "tiny").names == ("Base",)


def test_name_colour_and_visibility_change(project: Project, horizons: Horizons):
    horizons.rename("Top", "  Top of  reservoir ")
    horizons.recolour("Top of reservoir", "#ABCDEF")
    horizons.show("Top of reservoir", False)
    entry = Horizons(Project.open(project.folder), "tiny").entry("Top of reservoir")
    assert (entry.color, entry.visible) == ("#abcdef", False)
    assert horizons.load("Top of reservoir")[0, 0] == 120


@pytest.mark.parametrize("name", ["../../out", "a/b", "CON", "Größe?", "..", "x" * 100, "H:1"])
def test_any_name_makes_a_file_in_the_folder(project: Project, horizons: Horizons, name: str):
    horizons.add(name, flat(130))
    assert times_of(project, name).parent == project.folder / "horizons" / "tiny"
    assert Horizons(Project.open(project.folder), "tiny").load(name)[0, 0] == 130


def test_names_that_differ_in_case_have_files_that_differ(project: Project, horizons: Horizons):
    horizons.add("top", flat(121))
    one, other = (times_of(project, name).name for name in ("Top", "top"))
    assert one.casefold() != other.casefold()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_name_that_cannot_be_is_refused(horizons: Horizons, name: str):
    with pytest.raises(ProjectError, match="name"):
        horizons.add(name, flat(130))
    with pytest.raises(ProjectError, match="name"):
        horizons.rename("Top", name)
    assert horizons.names == ("Top", "Base")


def test_a_taken_name_is_refused(horizons: Horizons):
    with pytest.raises(ProjectError, match="already"):
        horizons.rename("Top", "Base")


def test_what_is_no_horizon_of_the_survey_is_refused(horizons: Horizons):
    with pytest.raises(ProjectError, match="shape"):
        horizons.add("H", np.zeros((2, 2)))
    with pytest.raises(ProjectError, match="no value"):
        horizons.add("H", np.full(SHAPE, np.nan))
    with pytest.raises(ProjectError, match="no horizon 'H'; it has Top, Base"):
        horizons.load("H")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY\x01\x00",
        pickle.dumps([1, 2]),
        np.zeros(SHAPE),
        np.zeros((5, 6), np.float32),
        np.array([{"a": 1}] * 30).reshape(SHAPE),
    ],
    ids=["empty", "cut", "pickle", "float64", "shape", "objects"],
)
def test_a_strange_file_is_refused(project: Project, horizons: Horizons, content):
    path = times_of(project, "Top")
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        np.save(path, content, allow_pickle=True)
    with pytest.raises(ProjectError, match="Import the horizon again"):
        horizons.load("Top")
    horizons.add("Middle", flat(130))  # the others go on


def test_a_missing_file_is_a_clear_line(project: Project, horizons: Horizons):
    times_of(project, "Top").unlink()
    with pytest.raises(ProjectError, match="cannot be read"):
        horizons.load("Top")
    horizons.remove("Top")
    assert horizons.names == ("Base",)


def test_a_project_that_cannot_be_saved_keeps_what_it_had(project: Project, horizons: Horizons):
    path = project.folder / "project.json"
    path.unlink()
    path.mkdir()
    (path / "in_the_way").touch()
    with pytest.raises(ProjectError, match="cannot be written"):
        horizons.remove("Top")
    assert horizons.names == ("Top", "Base")
    assert horizons.load("Top")[0, 0] == 120


def test_a_grid_cannot_lead_out_of_the_folder(project: Project, horizons: Horizons):
    path = project.folder / "project.json"
    content = json.loads(path.read_text())
    content["surveys"][0]["horizons"][0]["surface"] = "../../../secret"
    path.write_text(json.dumps(content))
    with pytest.raises(ProjectError, match="damaged"):
        Project.open(project.folder)
