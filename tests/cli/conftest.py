"""The command line, run in this process, on a small synthetic survey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from napari_hyperseg.cli.app import app
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.sample import SampleFiles, synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

MODEL = "20260101-120000"


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit status."""

    status: int
    stdout: str
    stderr: str


Run = Callable[..., Answer]


@pytest.fixture
def run() -> Run:
    """A function that runs ``hyperseg`` with these arguments."""

    def run(*arguments: object) -> Answer:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture(scope="session")
def cube(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """A synthetic survey with its truth: 12 inlines, 16 crosslines, 40 samples."""
    folder = tmp_path_factory.mktemp("cube")
    write_synthetic(make_synthetic((12, 16, 40), seed=3), folder, "cube")
    return synthetic_files(folder, "cube")


@pytest.fixture
def project(cube: SampleFiles, tmp_path: Path) -> Path:
    """A project of the cube, nothing labelled."""
    return Project.create(tmp_path / "cube.hyperseg", [cube.segy]).folder


@pytest.fixture
def horizons(cube: SampleFiles) -> list[str]:
    """``--horizon NAME=FILE`` for each of the cube's horizons."""
    return [f"--horizon={name}={file}" for name, file in cube.horizons.items()]


@pytest.fixture
def predicted(project: Path, cube: SampleFiles) -> Path:
    """The project with the true facies as its prediction, in the worker's store."""
    opened = Project.open(project)
    codes = np.load(cube.facies)
    store = PredictionStore.open_or_create(
        opened.prediction_path(MODEL, "cube"), codes.shape, len(cube.classes)
    )
    box = tuple((0, extent) for extent in codes.shape)
    store.write(box, codes, np.full_like(codes, 75), origin=Origin(step=1))
    return project
