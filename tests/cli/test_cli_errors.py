"""Whatever goes wrong is one line on standard error and exit status 2."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.survey.sample import SampleFiles


def assert_refused(answer, *words: str) -> None:
    assert answer.stdout == ""
    assert_refused_with(answer, *words)


def assert_refused_with(answer, *words: str) -> None:
    """Standard output may help to do better."""
    assert answer.status == 2
    assert answer.stderr.startswith("hyperseg: ")
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.endswith("\n")
    for word in words:
        assert word in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ("bogus", "bogus"),
        ("--bogus", "--bogus"),
        ("info a.sgy b.sgy", "b.sgy"),
        ("info a.sgy --iline 189", "together"),
        ("info a.sgy --iline -1 --xline 193", "--iline"),
        ("info a.sgy --iline x --xline 193", "--iline"),
        ("info a.sgy --x 181", "together"),
        ("info a.sgy --domain space", "--domain"),
        ("info a.sgy --unit yard", "--unit"),
        ("info a.sgy --offset 1 --stack", "not both"),
        ("init p a.sgy b.sgy c.sgy --offset 1 --offset 2", "once for each of 3"),
        ("init p", "FILE.sgy"),
        ("init p a.sgy --xline 193", "together"),
        ("init p a.sgy b.sgy c.sgy --iline 1 --xline 5 --iline 9 --xline 13", "each of 3"),
        ("label p", "--horizon"),
        ("label p --horizon H1", "NAME=FILE"),
        ("label p --horizon =x.txt", "name"),
        ("label p --horizon a/b=x.txt", "a/b"),
        ("label p --horizon A=x.txt --horizon A=y.txt", "twice"),
        ("label p --horizon A=x.txt --facies f.npy", "either"),
        ("train p --minutes 0", "more than 0"),
        ("train p --minutes nan", "more than 0"),
        ("train p --steps 0", "--steps"),
        ("train p --smooth -1", "--smooth"),
        ("train p --smooth nan", "--smooth"),
        ("train p --device abacus", "abacus"),
        ("train p --cluster tcp://a:1", "in the clear"),
        ("predict p --cluster tcp://a:1", "in the clear"),
        ("predict p --cluster a:b", "HOST:PORT"),
        ("scheduler --host 192.0.2.1 --certificates none", "authority.pem is missing"),
        ("scheduler --host tcp://192.0.2.1", "in the clear"),
        ("worker tcp://192.0.2.1", "in the clear"),
        ("worker 192.0.2.1 --certificates none", "authority.pem is missing"),
        ("evaluate p", "--facies"),
        ("export p", "--facies"),
        ("export p --horizons d --format charisma", "charisma"),
        ("sample out --shape 3,4", "three numbers"),
        ("sample out --shape 1,1,1", "(1, 1, 1)"),
        ("sample out --seed -1", "--seed"),
    ],
)
def test_wrong_usage(run, tmp_path: Path, monkeypatch, arguments: str, word: str):
    monkeypatch.chdir(tmp_path)
    assert_refused(run(*arguments.split()), word)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        "label absent --facies f.npy",
        "train absent",
        "predict absent",
        "evaluate absent --facies f.npy",
        "export absent --facies out.sgy",
        "open absent",
    ],
)
def test_no_project(run, tmp_path: Path, monkeypatch, arguments: str):
    monkeypatch.chdir(tmp_path)
    assert_refused(run(*arguments.split()), "absent", "not a hyperseg project")


@pytest.mark.parametrize("command", ["info {}", "info {} --json", "init new.hyperseg {}"])
@pytest.mark.parametrize("content", [None, b"", b"noise", bytes(4000)])
def test_no_seismic_file(run, tmp_path: Path, monkeypatch, command: str, content: bytes | None):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("bad.sgy").write_bytes(content)
    assert_refused(run(*command.format("bad.sgy").split()), "bad.sgy")
    assert not Path("new.hyperseg").exists()


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ("--inlines=999", "999"),
        ("--inlines=1001-1099", "1001-1012"),
        ("--crosslines=1-5", "2001-2016"),
        ("--crosslines=2001-2016:7,2017", "2017"),
        ("--inlines=one", "'one'"),
        ("--inlines=", "no line number"),
        ("--inlines=1002,,1003", "no line number"),
        ("--inlines=1005-1001", "no such range"),
    ],
)
def test_lines_that_are_not_in_the_survey(run, project: Path, cube: SampleFiles, lines, word):
    assert_refused(run("label", project, "--facies", cube.facies, lines), word)


def test_files_that_do_not_fit(run, project: Path, cube: SampleFiles, tmp_path: Path):
    np.save(tmp_path / "small.npy", np.ones((2, 3, 4), np.uint8))
    assert_refused(run("label", project, "--facies", tmp_path / "small.npy"), "shape")
    assert_refused(run("label", project, f"--horizon=A={tmp_path / 'gone.txt'}"), "gone.txt")
    assert_refused(run("label", project, f"--horizon=A={cube.segy}"), "is not text")
    assert_refused(run("label", project, "--survey", "other", "--facies", cube.facies), "other")


def test_crossing_horizons(run, project: Path, cube: SampleFiles, tmp_path: Path):
    table = np.loadtxt(cube.horizons["H1"])
    table[:, 2] = np.linspace(1000, 1156, len(table))
    np.savetxt(tmp_path / "tilted.txt", table, fmt="%d %d %.2f")
    tilted, flat = f"--horizon=T={tmp_path / 'tilted.txt'}", f"--horizon=H3={cube.horizons['H3']}"
    assert_refused(run("label", project, tilted, flat), "cross on")


def test_steps_that_come_too_early(run, project: Path, cube: SampleFiles, tmp_path: Path):
    assert_refused(run("train", project, "--steps", 1), "at least two classes")
    assert_refused(run("predict", project), "no trained model")
    assert_refused(run("evaluate", project, "--facies", cube.facies), "hyperseg predict")
    assert_refused(run("export", project, "--facies", tmp_path / "x.sgy"), "hyperseg predict")


def test_a_truth_of_other_classes(run, predicted: Path, cube: SampleFiles):
    one = f"--horizon=H1={cube.horizons['H1']}"
    assert_refused(run("evaluate", predicted, one, "--json"), "2 intervals", "6 classes")


def test_an_output_that_cannot_be_written(run, predicted: Path, cube: SampleFiles, tmp_path: Path):
    gone = tmp_path / "gone" / "x.sgy"
    assert_refused(run("export", predicted, "--facies", gone), "cannot be written")
    assert_refused(run("export", predicted, "--facies", cube.segy), "the survey itself")
    (tmp_path / "file").touch()
    assert_refused(run("export", predicted, "--horizons", tmp_path / "file"), "cannot be written")
    assert_refused(run("init", tmp_path / "file" / "p", cube.segy), "p")


def test_a_damaged_project(run, project: Path):
    described = json.loads((project / "project.json").read_text())
    (project / "project.json").write_text(json.dumps(described | {"format_version": 9}))
    assert_refused(run("train", project), "format version 9")
    (project / "project.json").write_text("{")
    assert_refused(run("train", project), "damaged")


def test_napari_opens_folders_by_their_name(run, project: Path):
    assert_refused(run("open", project.rename(project.with_suffix(".other"))), "rename")


def test_a_survey_that_is_gone_opens_no_window(run, project: Path, cube: SampleFiles):
    moved = cube.segy.rename(cube.segy.with_suffix(".moved"))
    try:
        assert_refused(run("open", project), "cube.sgy", "missing")
    finally:
        moved.rename(cube.segy)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland only")
def test_a_window_needs_a_display(run, project: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert_refused(run("open", project), "no display")


def test_weights_that_are_damaged(run, project: Path):
    model = project / "models" / "20260101-120000"
    model.mkdir(parents=True)
    (model / "weights.safetensors").write_bytes(b"noise")
    assert run("predict", project).stderr.splitlines()[-1].startswith("hyperseg: ")
    assert run("predict", project).status == 2


def test_info_helps_where_no_bytes_make_a_grid(run, tmp_path: Path):
    path = _without_a_grid(tmp_path)
    answer = run("info", path)
    assert_refused_with(answer, "no trace header bytes give a grid")
    assert "--iline 189 --xline 193" in answer.stdout
    answer = run("info", path, "--json")
    assert_refused_with(answer, "no trace header bytes give a grid")
    told = json.loads(answer.stdout)
    assert told["traces"] == 300
    assert (told["candidates"][0]["inline"], told["candidates"][0]["crossline"]) == (189, 193)


def test_info_helps_where_the_bytes_given_do_not_fit(run, cube: SampleFiles):
    answer = run("info", cube.segy, "--iline", 1, "--xline", 999, "--text")
    assert_refused_with(answer, "Byte 999 is not in a trace header")
    assert "--iline 189 --xline 193" in answer.stdout
    assert "END TEXTUAL HEADER" in answer.stdout


def _without_a_grid(folder: Path) -> Path:
    """Write 300 traces whose line numbers are noise."""
    lines = {"names": ["lines"], "formats": [(">i4", 2)], "offsets": [188], "itemsize": 240}
    traces = np.zeros(300, [("header", np.dtype(lines)), ("samples", ">f4", 4)])
    traces["header"]["lines"] = np.random.default_rng(1).integers(1, 10_000, (300, 2))
    binary = bytearray(400)
    for byte, value in ((17, 4000), (21, 4), (25, 5)):
        binary[byte - 1 : byte + 1] = value.to_bytes(2, "big")
    path = folder / "noise.sgy"
    path.write_bytes(b" " * 3200 + bytes(binary) + traces.tobytes())
    return path


@pytest.mark.parametrize(
    ("said", "word"),
    [("Salt", "Salt=5-20"), ("1=20-5", "5-20"), ("1=5-200", "5-20"), ("X=1-2", "no class 'X'")],
)
def test_shares_that_make_no_sense(run, project: Path, said: str, word: str):
    assert_refused(run("train", project, "--steps=1", f"--share={said}"), "--share", word)
