"""A project that a window has open is not changed behind its back."""

from __future__ import annotations

from pathlib import Path

import pytest

from napari_hyperseg.project.claim import claimed
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.sample import SampleFiles


@pytest.mark.parametrize("command", ["label", "horizons", "init"])
def test_who_comes_second_is_told_who_was_first(
    run, project: Path, cube: SampleFiles, tmp_path: Path, command: str
):
    horizon = cube.horizons["H1"]
    arguments = {
        "label": ["label", project, "--facies", cube.facies],
        "horizons": ["horizons", project, f"--add=H1={horizon}"],
        "init": ["init", project, tmp_path / "more.sgy", "--add"],
    }[command]
    (tmp_path / "more.sgy").write_bytes(cube.segy.read_bytes())
    before = (project / "project.json").read_bytes()
    with claimed(project, "a window"):
        answer = run(*arguments)
    assert answer.status == 2
    assert "is open in a window since" in answer.stderr
    assert "Close that one first" in answer.stderr
    assert (project / "project.json").read_bytes() == before
    assert run(*arguments).status == 0
    assert Project.open(project)
