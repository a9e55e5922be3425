"""The command as a process of its own: streams, status, start and stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.sample import SampleFiles

COMMAND = [sys.executable, "-c", "from napari_hyperseg.cli.app import main; main()"]


def hyperseg(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_json_is_all_there_is_on_standard_output(cube: SampleFiles):
    done = hyperseg("info", cube.segy, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["kind"] == "3d"


def test_an_error_is_one_line_and_status_two(tmp_path: Path):
    done = hyperseg("info", tmp_path / "absent.sgy")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hyperseg: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["info"]])
def test_short_commands_load_neither_torch_nor_napari(cube: SampleFiles, arguments: list[str]):
    script = (
        "import sys\n"
        "from napari_hyperseg.cli.app import main\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        "    print({'torch', 'napari', 'zarr', 'scipy'} & set(sys.modules), file=sys.stderr)\n"
    )
    files = [str(cube.segy)] if arguments == ["info"] else []
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments, *files],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == "set()\n"


@pytest.mark.slow
def test_the_whole_chain(cube: SampleFiles, horizons: list[str], tmp_path: Path):
    project = tmp_path / "chain.hyperseg"
    assert hyperseg("init", project, cube.segy).returncode == 0
    assert hyperseg("label", project, *horizons, "--crosslines", "2003,2013").returncode == 0

    trained = hyperseg("train", project, "--steps", 2, "--device", "cpu", "--json")
    assert trained.returncode == 0, trained.stderr
    told = json.loads(trained.stdout)
    assert set(told) == {
        "model",
        "steps",
        "seconds",
        "device",
        "validation",
        "tracked",
        "balance",
    }
    assert (told["steps"], told["device"]) == (2, "cpu")
    assert set(told["validation"]) == {
        *("pixel_accuracy", "class_accuracy", "mean_iou", "fw_iou", "iou", "voxels", "traces"),
        *("confusion", "reliability", "calibration_error"),
        *("horizons", "order_violations", "vertical_unit"),
    }
    assert set(told["validation"]["reliability"]) == {"counts", "confidence", "accuracy"}
    errors = {"mae_samples", "mae_ms", "within_1", "within_3", "coverage"}
    assert set(told["validation"]["horizons"][0]) == {"above", "below", "traces", *errors}
    assert Project.open(project).model_ids() == [told["model"]]

    predicted = hyperseg("predict", project, "--json")
    assert predicted.returncode == 0, predicted.stderr
    told = json.loads(predicted.stdout)
    assert set(told) == {"prediction", "voxels", "seconds"}
    assert told["voxels"] == 12 * 16 * 40
    assert Path(told["prediction"]).name == "cube.zarr"

    evaluated = json.loads(hyperseg("evaluate", project, *horizons, "--json").stdout)
    assert evaluated["traces"] == 12 * 14
    assert 0 <= evaluated["mean_iou"] <= evaluated["pixel_accuracy"] <= 1

    volumes = ("--facies", tmp_path / "facies.sgy", "--probability", tmp_path / "p.zarr")
    exported = hyperseg("export", project, *volumes)
    assert exported.returncode == 0, exported.stderr
    assert len(list(tmp_path.glob("p_*.zarr"))) == 5
    kind = json.loads(hyperseg("info", tmp_path / "facies.sgy", "--json").stdout)
    assert kind["inlines"] == {"first": 1001, "last": 1012, "step": 1, "count": 12}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_stops_training_and_keeps_the_weights(
    cube: SampleFiles, horizons: list[str], project: Path
):
    assert hyperseg("label", project, *horizons, "--crosslines", "2003,2013").returncode == 0
    arguments = ["train", str(project), "--minutes", "30", "--device", "cpu", "--json"]
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as training:
        assert training.stderr is not None
        for line in training.stderr:
            if line.startswith("Training on"):
                break
        training.send_signal(signal.SIGINT)
        stdout, stderr = training.communicate(timeout=120)
    assert training.returncode == 0, stderr
    assert Project.open(project).model_ids() == [json.loads(stdout)["model"]]
