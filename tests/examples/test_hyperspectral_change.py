"""The change map as a program: scenes of all kinds in, files out, one line when it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("h5py")
pytest.importorskip("matplotlib")

from matplotlib.image import imread

ROOT = Path(__file__).resolve().parents[2]
TINY = ("--steps", "2", "--members", "1", "--width", "2", "--rank", "2", "--bands", "8")
ROWS, COLUMNS, BANDS = 17, 20, 8

pytestmark = pytest.mark.slow


def change(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    program = str(ROOT / "examples" / "hyperspectral_change.py")
    command = [sys.executable, program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def is_picture(path: Path) -> bool:
    """Whether it is large, and more than a page with some text on it."""
    pixels = imread(path)
    return min(pixels.shape[:2]) > 500 and len(np.unique(pixels.reshape(-1, 4), axis=0)) > 500


def test_a_made_scene_and_then_the_same_from_its_file(tmp_path: Path):
    done = change("--size", 32, 40, *TINY, "--write-scene", "scene.mat", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert is_picture(tmp_path / "hyperspectral_change.png")
    table = done.stdout.splitlines()
    assert table[0].startswith("Scores on 270 pixels")
    assert table[-1].startswith("hyperspectral_change.png written")
    assert [line.split("  ")[0] for line in table[3:7]] == [
        "change vectors", "logistic regression", "logistic, 3 scales", "hyperbolic network",
    ]  # fmt: skip
    cubes = "--before", "scene.mat:before", "--after", "scene.mat:after"
    codes = "--labels", "scene.mat:labels", "--truth", "scene.mat:truth"
    outputs = "--output", "own.png", "--output-map", "own.npy", "--json"
    done = change(*cubes, *codes, *outputs, *TINY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    vectors = result["scores"]["change vectors"]
    assert f"{vectors['accuracy']:.3f}" == table[3].split()[2]
    assert result["files"] == ["own.png", "own.npy", "own_confidence.npy"]
    found = np.load(tmp_path / "own.npy")
    assert found.shape == tuple(result["map_shape"]) == (16, 20)
    assert set(np.unique(found)) <= {1, 2}
    assert np.load(tmp_path / "own_confidence.npy").min() >= 0.5
    assert is_picture(tmp_path / "own.png")


def test_kinds_of_change(tmp_path: Path):
    done = change("--size", 64, 64, *TINY, "--width", 4, "--kinds", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert len(result["classes"]) == 6
    assert result["scores"]["change vectors"]["accuracy"] is None
    assert is_picture(tmp_path / "hyperspectral_change.png")


def cube(seed: int = 0, rows: int = ROWS) -> np.ndarray:
    return np.random.default_rng(seed).random((rows, COLUMNS, BANDS), np.float32)


def test_points_from_a_list_and_pixels_without_data(tmp_path: Path):
    before, after = cube(1), cube(2)
    after[:, 8:] += 1
    before[:4, :4] = np.nan
    np.save(tmp_path / "a.npy", before)
    np.save(tmp_path / "b.npy", after)
    rows = [f"{i},{j},{5 if j < 8 else 9}" for i in range(0, 17, 4) for j in range(0, 20, 4)]
    (tmp_path / "points.csv").write_text("\n".join(["row,column,code", *rows]))
    done = change(
        "--before", "a.npy", "--after", "b.npy", "--labels", "points.csv", "--hold-out", 0.3,
        "--class-name", "9=dug up", "--output-map", "map.npy", "--json", *TINY, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["classes"] == {"5": "unchanged", "9": "dug up"}
    assert result["scores"]["change vectors"]["accuracy"] == 1
    found = np.load(tmp_path / "map.npy")
    assert (found[:2, :2] == -1).all()
    assert set(np.unique(found)) <= {-1, 5, 9}
    assert (found == -1).sum() == 4


def bad_inputs(folder: Path) -> dict[str, tuple[list[object], str]]:
    """Arguments that make no map, and a part of what is said about each."""
    a, b, labels = folder / "a.npy", folder / "b.npy", folder / "labels.npy"
    codes = np.zeros((ROWS, COLUMNS), int)
    codes[2, 2], codes[9, 9] = 1, 2
    np.save(a, cube(1)), np.save(b, cube(2)), np.save(labels, codes)
    np.save(folder / "short.npy", cube(2, ROWS - 1))
    np.save(folder / "nan.npy", np.full_like(cube(), np.nan))
    np.save(folder / "none.npy", np.zeros((ROWS, COLUMNS), int))
    np.save(folder / "minus.npy", codes - 1)
    holed = cube(2)
    holed[2:4, 2:4] = np.nan
    np.save(folder / "holed.npy", holed)
    (folder / "text.mat").write_text("no matrix")
    (folder / "out.csv").write_text("99,0,1")
    ours, known = ["--before", a, "--after", b], ["--labels", labels]
    return {
        "absent": (["--before", a, "--after", folder / "absent.mat", *known], "no file"),
        "text": (["--before", folder / "text.mat", "--after", b, *known], "MATLAB"),
        "no header": (["--before", folder / "out.csv", "--after", b, *known], "partner"),
        "shapes": (["--before", a, "--after", folder / "short.npy", *known], "one grid"),
        "no data": (["--before", a, "--after", folder / "nan.npy", *known], "0 of 8"),
        "hole": (["--before", a, "--after", folder / "holed.npy", *known], "No point"),
        "empty": ([*ours, "--labels", folder / "none.npy"], "labels of 0 classes"),
        "negative": ([*ours, "--labels", folder / "minus.npy"], "no class code"),
        "outside": ([*ours, "--labels", folder / "out.csv"], "lies outside"),
        "a cube": ([*ours, "--labels", a], "no map"),
        "bands": ([*ours, "--labels", labels, "--bands", 50], "Choose 4 to 8"),
        "one date": (["--before", a, "--labels", labels], "together"),
        "unlabelled": (ours, "Nothing is labelled"),
        "both": ([*ours, "--labels", labels, "--kinds"], "made scene"),
        "labels alone": (["--labels", labels], "go with"),
        "folder": (["--output", folder / "absent" / "map.png"], "no folder"),
        "width": (["--width", "1"], "not between"),
        "number": (["--steps", "many"], "no number"),
        "size": (["--size", "5", "5"], "not between"),
        "unknown": (["--nonsense"], "--help"),
    }  # fmt: skip


BAD = (
    "absent", "text", "no header", "shapes", "no data", "hole", "empty", "negative", "outside",
    "a cube", "bands", "one date", "unlabelled", "both", "labels alone", "folder", "width",
    "number", "size", "unknown",
)  # fmt: skip


def test_bad_input_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """All but the first in this process: each start of the program takes seconds."""
    from examples.hyperspectral.command import main

    cases = bad_inputs(tmp_path)
    assert tuple(cases) == BAD
    before = sorted(tmp_path.iterdir())
    for case, (arguments, part) in cases.items():
        output = [] if "--output" in arguments else ["--output", tmp_path / "map.png"]
        status = main([str(argument) for argument in (*arguments, *output)])
        told = capsys.readouterr()
        assert (status, told.out) == (2, ""), case
        assert told.err.count("\n") == 1, told.err
        assert part in told.err, told.err
        assert sorted(tmp_path.iterdir()) == before, case


def test_bad_input_ends_the_process_with_status_2(tmp_path: Path):
    done = change("--before", "absent.mat:T1", "--after", "b.mat", "--truth", "c", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("hyperspectral_change: There is no file absent.mat. Check the path.\n")
    assert not list(tmp_path.iterdir())
