"""The demo: where it runs, when it stops, and the whole of it in a real window."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.cli.unattended_demo import improves_no_more
from napari_hyperseg.cli.virtual_display import has_display, run_under_xvfb
from napari_hyperseg.errors import HypersegError
from napari_hyperseg.project.predictions import prediction_models
from napari_hyperseg.project.sample_project import open_sample_project
from napari_hyperseg.project.session import ScorePoint
from napari_hyperseg.survey.sample import SAMPLE_NAME


def points(*mean_ious: float) -> list[ScorePoint]:
    return [ScorePoint(step, 0.9, mean_iou) for step, mean_iou in enumerate(mean_ious)]


@pytest.mark.parametrize(
    ("mean_ious", "stops"),
    [
        ((), False),
        ((0.5,), False),
        ((0.5, 0.4, 0.4), False),
        ((0.5, 0.4, 0.4, 0.4), True),
        ((0.5, 0.4, 0.4, 0.6), False),
        ((0.1, 0.5, 0.4, 0.5, 0.5), True),
        ((0.5, 0.4, 0.4, 0.51, 0.4, 0.4), False),
    ],
)
def test_training_stops_after_three_validations_without_a_new_best(
    mean_ious: tuple[float, ...], stops: bool
):
    assert improves_no_more(points(*mean_ious)) is stops


@pytest.mark.parametrize(
    ("environment", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_only_linux_can_lack_a_display(environment: dict[str, str], platform: str, there: bool):
    assert has_display(environment, platform) is there


def test_without_xvfb_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HypersegError, match="install Xvfb"):
        run_under_xvfb(["demo"])


def test_no_time_to_train_is_refused(run):
    answer = run("demo", "--minutes", 0)
    assert answer.status == 2
    assert "--minutes" in answer.stderr


@pytest.mark.slow
@pytest.mark.window
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the user's data by XDG")
def test_a_fresh_demo_trains_in_a_window_that_stays(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    project = open_sample_project()
    project.labels(SAMPLE_NAME).codes[0, 0, 0] = 6
    with subprocess.Popen([sys.executable, "-m", "napari_hyperseg", "demo", "--fresh"]) as window:
        until(lambda: prediction_models(project, SAMPLE_NAME), 180)
        assert window.poll() is None
        window.kill()
    assert project.labels(SAMPLE_NAME, writable=False).codes[0, 0, 0] == 0


def until(condition: Callable[[], object], at_most_s: float) -> None:
    deadline = time.monotonic() + at_most_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.window
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Xvfb is for Linux")
def test_a_headless_demo_trains_and_leaves_a_picture(tmp_path: Path):
    from imageio.v3 import imread

    done = subprocess.run(
        [sys.executable, "-m", "napari_hyperseg", "demo", "--headless", "--minutes", "0.2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    told = re.search(r"^lines without labels +pixel accuracy (0\.\d+), mean", done.stdout, re.M)
    assert told, done.stdout
    assert 0.1 < float(told[1]) <= 1
    picture = imread(tmp_path / "demo.png")
    height, width = picture.shape[:2]
    assert (width >= 1366, height >= 768) == (True, True)
    assert _coloured(picture).mean() > 0.05


def _coloured(picture: np.ndarray) -> np.ndarray:
    """Return which pixels are far from grey: facies over the seismic, in the legend's colours."""
    red_green_blue = picture[..., :3].astype(int)
    return np.ptp(red_green_blue, axis=-1) > 60
