"""``hyperseg horizons``: listed, added, replaced and removed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.picks import Picks
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.sample import SampleFiles


@pytest.fixture
def added(cube: SampleFiles) -> list[str]:
    """``--add NAME=FILE`` for each of the cube's horizons, the deepest first."""
    return [f"--add={name}={file}" for name, file in reversed(cube.horizons.items())]


def test_added_horizons_are_listed_from_top_to_bottom(run, project: Path, cube, added: list[str]):
    answer = run("horizons", project, *added, "--json")
    assert answer.status == 0
    told = json.loads(answer.stdout)
    assert told["unit"] == "ms"
    assert [one["name"] for one in told["horizons"]] == list(cube.horizons)
    assert all(one["traces"] > 0 and one["least"] <= one["greatest"] for one in told["horizons"])
    table = run("horizons", project).stdout
    assert all(name in table for name in cube.horizons)


def test_horizons_are_replaced_and_removed(run, project: Path, cube: SampleFiles, added: list[str]):
    run("horizons", project, *added)
    answer = run("horizons", project, f"--add=H1={cube.horizons['H2']}", "--remove=H3")
    assert answer.status == 0
    kept = Horizons(Project.open(project), "cube")
    assert kept.names == ("H1", "H2", "H4", "H5")
    assert (kept.load("H1") == kept.load("H2")).any()


def test_picks_come_on_chosen_lines_as_one_step(
    run, project: Path, cube: SampleFiles, added: list[str]
):
    run("horizons", project, *added)
    top = str(cube.horizons["H1"])
    lines = ["--inlines=1001,1003-1007:2", "--crosslines=2010"]
    answer = run("horizons", project, f"--add=H2={top}", f"--add=Seeds={top}", "--picks", *lines)
    assert answer.status == 0, answer.stderr
    interpretation = Interpretation(Project.open(project), "cube")
    kept = Horizons(interpretation.project, "cube", interpretation)
    geometry = interpretation.project.open_survey("cube").geometry
    read = read_horizon_file(cube.horizons["H1"], geometry).values
    on = np.isin(geometry.inlines, (1001, 1003, 1005, 1007))[:, None]
    on = (on | (geometry.crosslines == 2010)) & np.isfinite(read)
    for name in ("H2", "Seeds"):
        picks = Picks(interpretation, kept.entry(name).stem)
        assert np.array_equal(picks.kinds == PickKind.IMPORTED, on)
        assert np.array_equal(picks.times[on], read[on].astype(np.float32))
    assert kept.entry("H2").surface is not None
    assert kept.entry("Seeds").surface is None
    assert interpretation.can_undo.tool == "hyperseg horizons"
    interpretation.undo()
    assert "Seeds" not in kept.names
    assert not Picks(interpretation, kept.entry("H2").stem).kinds.any()
    interpretation.close()


def test_an_empty_list_says_what_to_do(run, project: Path):
    assert "--add NAME=FILE" in run("horizons", project).stdout
    assert json.loads(run("horizons", project, "--json").stdout)["horizons"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--remove=H9"], "no horizon 'H9'"),
        (["--add=H1"], "write NAME=FILE"),
        (["--add=H1=absent.txt"], "absent.txt"),
        (["--picks"], "--add NAME=FILE"),
        (["--inlines=1001"], "are for --picks"),
        (["--add=New=FILE", "--picks", "--inlines=top"], "'top' is no line number"),
        (["--add=New=FILE", "--picks", "--crosslines=7"], "7"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    run, project: Path, cube, added: list[str], arguments: list[str], message: str
):
    run("horizons", project, *added)
    arguments = [one.replace("FILE", str(cube.horizons["H1"])) for one in arguments]
    answer = run("horizons", project, "--remove=H1", *arguments)
    assert answer.status == 2
    assert message in " ".join(answer.stderr.split())
    assert len(Horizons(Project.open(project), "cube").names) == 5


def test_picks_alone_train_and_come_back_as_horizons(
    run, project: Path, cube: SampleFiles, added: list[str], tmp_path: Path
):
    lines = ["--inlines=1001,1006", "--crosslines=2010"]
    assert run("horizons", project, *added, "--picks", *lines).status == 0
    answer = run("train", project, "--steps=2", "--device=cpu", "--json")
    assert answer.status == 0, answer.stderr
    assert "above H1, H1 to H2" in answer.stderr
    assert len(Project.open(project).model_ids()) == 1
    assert run("predict", project).status == 0
    assert run("export", project, f"--horizons={tmp_path / 'out'}").status == 0
    assert {file.stem for file in (tmp_path / "out").iterdir()} == set(cube.horizons)
    truth = [f"--horizon={name}={file}" for name, file in cube.horizons.items()]
    figures = json.loads(run("evaluate", project, *truth, "--json").stdout)
    assert figures["order_violations"] == 0
    assert figures["horizons"]["H1"]["mae_samples"] < 2
