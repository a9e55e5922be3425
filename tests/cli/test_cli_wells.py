"""``hyperseg label --wells``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from napari_hyperseg.project.folder import Project

TOPS = """Well;Inline;Crossline;Marker;TWT (s)
W-1;1003;2004;Upper;1,020
W-1;1003;2004;Lower;1,060
W-1;1003;2004;TD;1,120
W-2;1009;2012;Upper;1,030
W-2;1009;2012;TD;1,100
far;5000;2012;Upper;1,030
far;5000;2012;TD;1,100
"""


@pytest.fixture
def tops(tmp_path: Path) -> Path:
    path = tmp_path / "tops.csv"
    path.write_text(TOPS)
    return path


def test_tops_become_classes_in_columns(run, project: Path, tops: Path):
    answer = run("label", project, "--wells", tops, "--radius", "1 trace")
    assert answer.status == 0
    assert "Found 2 of 3 wells, radius 1 trace." in answer.stdout
    assert "cube: labelled 210 voxels on 10 traces." in answer.stdout
    assert "Warning: far is left out: inline 5000" in answer.stdout
    assert "Classes: Upper, Lower." in answer.stdout
    labels = Project.open(project).labels("cube").codes
    assert labels[2, 3].tolist() == [0] * 5 + [1] * 10 + [2] * 15 + [0] * 10


def test_what_was_labelled_is_told_to_scripts(run, project: Path, tops: Path):
    told = json.loads(run("label", project, "--wells", tops, "--keep", "--json").stdout)
    assert told["found"] == "2 of 3 wells, radius 50 m"
    assert [one["name"] for one in told["classes"]] == ["Upper", "Lower"]
    assert len(told["warnings"]) == 1


def test_columns_and_unit_can_be_said(run, project: Path, tmp_path: Path):
    path = tmp_path / "odd.csv"
    path.write_text("a,b,c,d,e\nW,1003,2004,Upper,1.02\nW,1003,2004,TD,1.1\n")
    columns = ("well=a", "inline=b", "crossline=3", "pick=d", "z=e")
    said = [f"--column={one}" for one in columns]
    assert run("label", project, "--wells", path, *said, "--unit", "s").status == 0
    assert Project.open(project).labels("cube").counts().keys() == {1}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ("--wells w.csv --facies f.npy", "either"),
        ("--facies f.npy --radius 5", "for --wells"),
        ("--wells w.csv --radius wide", "wide"),
        ("--wells w.csv --unit yard", "yard"),
        ("--wells w.csv --column top", "ROLE=NAME"),
    ],
)
def test_wrong_usage(run, tmp_path: Path, monkeypatch, arguments: str, word: str):
    monkeypatch.chdir(tmp_path)
    refused(run("label", "p", *arguments.split()), word)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1,060", "deep", ["row 3", '"deep"']),
        ("TWT (s)", "depth (m)", ["in depth (m)", "survey in time"]),
        ("Well;", "Thing;", ["name of the well"]),
    ],
)
def test_bad_files(run, project: Path, tops: Path, old: str, new: str, words: list[str]):
    tops.write_text(TOPS.replace(old, new))
    refused(run("label", project, "--wells", tops), *words)
    refused(run("label", project, "--wells", tops.with_name("gone.csv")), "gone.csv")
    assert not Project.open(project).labels("cube").any()


def refused(answer, *words: str) -> None:
    assert (answer.status, answer.stdout) == (2, "")
    assert answer.stderr.count("\n") == 1
    for word in ("hyperseg: ", *words):
        assert word in answer.stderr
