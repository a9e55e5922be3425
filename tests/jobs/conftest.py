"""A small synthetic survey with labels, jobs on it, and a control that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from napari_hyperseg.jobs.commands import Command
from napari_hyperseg.jobs.events import Event
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.survey.sample import SampleFiles, synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

SHAPE = (12, 16, 40)
SMALL = {"width": 16, "path": ((0, 0, 4), (1, 1, 4), (0, 0, 4))}
MakeSpec = Callable[..., JobSpec]


class ScriptedControl:
    """Gives one command after another, each when its moment has come.

    Parameters
    ----------
    *script : pairs of a condition and a command
        A condition is a function without arguments, asked at every poll.
    """

    def __init__(self, *script: tuple[Callable[[], bool], Command]) -> None:
        self._script = list(script)
        self.polls = 0

    def poll(self, timeout_s: float = 0.0) -> list[Command]:
        self.polls += 1
        commands = []
        while self._script and self._script[0][0]():
            commands.append(self._script.pop(0)[1])
        return commands


class Events(list):
    """Events in the order they came."""

    def of(self, kind: type) -> list:
        return [event for event in self if isinstance(event, kind)]

    def after(self, kind: type, count: int = 1) -> Callable[[], bool]:
        """A condition: so many events of a kind have come."""
        return lambda: len(self.of(kind)) >= count


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture(scope="session")
def cube(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """A synthetic survey with its truth: 12 inlines, 16 crosslines, 40 samples."""
    folder = tmp_path_factory.mktemp("cube")
    write_synthetic(make_synthetic(SHAPE, seed=3), folder, "cube")
    return synthetic_files(folder, "cube")


@pytest.fixture
def labels(cube: SampleFiles, tmp_path: Path) -> FaciesLabels:
    """The true facies on crosslines 4 and 12: four patches, of which one is held out."""
    labels = FaciesLabels.create(tmp_path / "labels.npy", SHAPE)
    labels.paste(np.load(cube.facies), crosslines=[4, 12])
    return labels


@pytest.fixture
def make_spec(cube: SampleFiles, labels: FaciesLabels, tmp_path: Path) -> MakeSpec:
    """A function that specifies a job on the labelled survey, with a small network."""

    def make(kind: str = "train", *, store: bool = True, **fields) -> JobSpec:
        survey = SurveyInput(
            key="cube",
            segy=fields.pop("segy", cube.segy),
            facies=labels.path,
            prediction=tmp_path / "prediction" / "cube.zarr" if store else None,
        )
        defaults = {"n_classes": 6, "device": "cpu", "threads": 1, "network": SMALL}
        if kind == "train" and "minutes" not in fields:
            defaults["steps"] = 4
        given = {"model": tmp_path / "model", "surveys": (survey,), **defaults, **fields}
        return JobSpec(kind=kind, **given)

    return make


@pytest.fixture
def run(events: Events) -> Iterator[Callable[..., Events]]:
    """A function that runs a job in this process and returns its events."""
    threads = torch.get_num_threads()

    def run(spec: JobSpec, *script: tuple[Callable[[], bool], Command]) -> list[Event]:
        events.clear()
        run_job(spec, events.append, ScriptedControl(*script))
        return events

    yield run
    torch.set_num_threads(threads)


@pytest.fixture
def view() -> View:
    return View(survey="cube", axis=1, index=7)
