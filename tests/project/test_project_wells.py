"""Wells from a file into a project: legend, labels, and what is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import LabelError, WellError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.wells.discs import Radius
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.labelling import label_wells
from napari_hyperseg.project.line_choice import LineChoice

TEXT = """well,inline,crossline,top_ms,base_ms,facies
A,14,33,100,120,Sand
A,14,33,120,160,Shale
B,20,35,100,140,Shale
gone,99,35,100,140,Coal
"""
ONE_TRACE = Radius(0.5, "traces")


@pytest.fixture
def wells(tmp_path: Path) -> Path:
    path = tmp_path / "wells.csv"
    path.write_text(TEXT)
    return path


def test_wells_label_their_columns(project: Project, wells: Path):
    done = label_wells(project, "tiny", wells, LineChoice(), radius=ONE_TRACE)
    codes = project.labels("tiny").codes
    assert codes[2, 2].tolist() == [1] * 5 + [2] * 10 + [0] * 5
    assert codes[5, 4].tolist() == [2] * 10 + [0] * 10
    assert np.count_nonzero(codes.any(axis=2)) == 2
    assert done.classes == ("Sand", "Shale")
    assert done.counts == ((1, "Sand", 5), (2, "Shale", 20))
    assert (done.voxels, done.traces, done.found) == (25, 2, "2 of 3 wells, radius 0.5 traces")
    assert done.warnings[0].startswith("gone is left out: inline 99")


def test_the_default_is_a_disc_of_50_metres(project: Project, wells: Path):
    """Bins of 40 m x 11.4 m."""
    done = label_wells(project, "tiny", wells, LineChoice())
    assert done.found.endswith("radius 50 m")
    traces = project.labels("tiny").traces()
    i, j = np.indices(traces.shape)
    near = [np.hypot(40.0 * (i - a), 11.4018 * (j - b)) <= 50 for a, b in ((2, 2), (5, 4))]
    assert np.array_equal(traces, near[0] | near[1])


@pytest.mark.parametrize("by", ["labels", "model"])
def test_names_that_somebody_uses_stay(project: Project, wells: Path, by: str):
    if by == "labels":
        project.labels("tiny").codes[0, 0, 0] = 1
    else:
        model = project.model_folder(project.new_model_id())
        (model / "weights.safetensors").write_bytes(b"")
    label_wells(project, "tiny", wells, LineChoice())
    again = Project.open(project.folder).legend
    assert again.names == ("Class 1", "Class 2", "Sand", "Shale")


def test_classes_that_there_are_are_found_again(project: Project, wells: Path):
    project.legend = Legend.named(["SHALE", "Salt"])
    label_wells(project, "tiny", wells, LineChoice(), radius=ONE_TRACE)
    assert project.legend.names == ("SHALE", "Salt", "Sand")
    assert project.labels("tiny").counts() == {1: 20, 3: 5}


def test_lines_and_keep(project: Project, wells: Path):
    lines = LineChoice(inlines=(2,))
    project.labels("tiny").codes[2, 2, 3] = 2
    done = label_wells(project, "tiny", wells, lines, radius=ONE_TRACE, keep=True)
    assert project.labels("tiny").codes[2, 2, :6].tolist() == [3, 3, 3, 2, 3, 4]
    assert done.found == "1 of 3 wells, radius 0.5 traces"
    assert "B is left out: no trace to label lies within its radius." in done.warnings


@pytest.mark.parametrize("text", ["", TEXT + "A,14,33,150,170,Sand\n"])
def test_a_bad_file_changes_nothing(project: Project, wells: Path, text: str):
    wells.write_text(text)
    with pytest.raises(WellError):
        label_wells(project, "tiny", wells, LineChoice())
    assert not project.labels("tiny").any()
    assert Project.open(project.folder).legend == Legend.default(2)


def test_no_well_on_the_lines(project: Project, wells: Path):
    with pytest.raises(LabelError, match="Nothing to label"):
        label_wells(project, "tiny", wells, LineChoice(crosslines=(0,)), radius=ONE_TRACE)
