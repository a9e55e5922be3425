"""Converting in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from napari_hyperseg.jobs.conversion_spec import ConversionSpec
from napari_hyperseg.jobs.events import ConversionAdvanced, JobFailed, JobFinished
from napari_hyperseg.jobs.process import ProcessLauncher
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.assembly import read_converted
from napari_hyperseg.survey.segy.opening import open_survey


@pytest.fixture
def launch():
    """Launch jobs; leave none behind."""
    handles = []

    def _launch(spec):
        events = []
        handles.append(ProcessLauncher().launch(spec, events.append))
        return handles[-1], events

    yield _launch
    for handle in handles:
        handle.kill()
        assert handle.wait(10)


@pytest.fixture
def spec(cube, tmp_path):
    volumes = tmp_path / "volumes"
    return ConversionSpec(survey=SurveyInput(key="cube", segy=cube.segy, volumes=volumes))


def test_a_converter_fills_the_copy_and_tells_of_it(spec, cube, launch):
    handle, events = launch(spec)
    assert handle.wait(60)
    assert events[-1] == JobFinished(reason="done", elapsed_s=events[-1].elapsed_s)
    shares = [event.fraction for event in events if isinstance(event, ConversionAdvanced)]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    survey = open_survey(cube.segy)
    before = survey.volume[:]
    assert read_converted(survey, Kept(spec.volumes, "cube"))
    assert np.array_equal(survey.volume[:], before)


def test_a_converter_loads_no_torch():
    code = "import sys, napari_hyperseg.jobs.converter; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_converter_that_is_let_go_of_ends(spec, launch):
    handle, events = launch(spec)
    handle.close()
    assert handle.wait(60)
    assert isinstance(events[-1], JobFinished)


def test_a_killed_converter_leaves_what_it_has(spec, launch):
    handle, events = launch(spec)
    handle.kill()
    assert handle.wait(10)
    assert isinstance(events[-1], JobFailed)
    assert "Convert again to go on" in events[-1].message
    handle, events = launch(spec)
    assert handle.wait(60)
    assert events[-1].reason == "done"


def test_a_missing_file_is_one_line(tmp_path, launch):
    survey = SurveyInput(key="a", segy=tmp_path / "a.sgy", volumes=tmp_path / "volumes")
    handle, events = launch(ConversionSpec(survey=survey))
    assert handle.wait(60)
    assert isinstance(events[-1], JobFailed)
    assert "does not exist" in events[-1].message
