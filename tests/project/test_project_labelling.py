"""Labels from files: on the chosen lines only, added, with a legend that fits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import HorizonError, LabelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.labelling import label_facies, label_horizons
from napari_hyperseg.project.line_choice import LineChoice
from napari_hyperseg.survey.horizon_files.writing import write_horizon_file
from napari_hyperseg.survey.segy.export import export_segy
from napari_hyperseg.survey.survey import Survey

SHAPE = (6, 5, 20)
WriteHorizon = Callable[..., Path]


@pytest.fixture
def horizon_at(tmp_path: Path, survey: Survey) -> WriteHorizon:
    """A function that writes a flat horizon at a sample of the tiny survey."""

    def write(sample: float) -> Path:
        path = tmp_path / f"flat_{sample}.txt"
        twt_ms = survey.geometry.start_ms + sample * survey.geometry.sample_interval_ms
        write_horizon_file(path, np.full(SHAPE[:2], twt_ms), survey.geometry, "opendtect")
        return path

    return write


def test_intervals_between_horizons_on_chosen_lines(project: Project, horizon_at: WriteHorizon):
    files = {"Base": horizon_at(12), "Top": horizon_at(4)}
    done = label_horizons(project, "tiny", files, LineChoice(crosslines=(1, 3)))
    codes = project.labels("tiny").codes
    assert codes[0, 1].tolist() == [1] * 4 + [2] * 8 + [3] * 8
    assert np.flatnonzero(codes.any(axis=(0, 2))).tolist() == [1, 3]
    assert (done.voxels, done.traces) == (2 * 6 * 20, 12)
    assert done.classes == ("above Top", "Top to Base", "below Base")


def test_legend_and_horizons_are_remembered(project: Project, horizon_at: WriteHorizon):
    files = {"Base": horizon_at(12), "Top": horizon_at(4)}
    label_horizons(project, "tiny", files, LineChoice(inlines=(0,)))
    again = Project.open(project.folder)
    assert again.legend.names == ("above Top", "Top to Base", "below Base")
    assert list(again.entry().boundaries.items()) == [
        ("Top", files["Top"]),
        ("Base", files["Base"]),
    ]


@pytest.mark.parametrize(
    ("legend", "names"),
    [
        (Legend.default(2), ("above Top", "Top to Base", "below Base")),
        (Legend.default(4), ("Class 1", "Class 2", "Class 3", "Class 4")),
        (Legend.named(["a", "b", "c"]), ("a", "b", "c")),
        (Legend.named(["a", "b"]), ("a", "b", "Class 3")),
    ],
)
def test_names_that_somebody_gave_stay(
    project: Project, horizon_at: WriteHorizon, legend: Legend, names: tuple[str, ...]
):
    project.legend = legend
    files = {"Top": horizon_at(4), "Base": horizon_at(12)}
    label_horizons(project, "tiny", files, LineChoice())
    assert project.legend.names == names


def test_intervals_take_the_classes_in_their_order(project: Project, horizon_at: WriteHorizon):
    project.legend = Legend.named(["sand", "mud", "salt", "coal"]).moved(3, -2)
    files = {"Base": horizon_at(12), "Top": horizon_at(4)}
    done = label_horizons(project, "tiny", files, LineChoice())
    codes = project.labels("tiny").codes
    assert codes[0, 1].tolist() == [3] * 4 + [1] * 8 + [2] * 8
    assert done.classes == ("salt", "sand", "mud")
    assert Project.open(project.folder).entry().boundary_codes == (3, 1, 2)


def test_later_labels_win_where_they_overlap(
    project: Project, horizon_at: WriteHorizon, tmp_path: Path
):
    label_horizons(project, "tiny", {"Top": horizon_at(4)}, LineChoice(inlines=(2,)))
    painted = np.zeros(SHAPE, np.uint8)
    painted[..., 10] = 5
    np.save(tmp_path / "painted.npy", painted)
    label_facies(project, "tiny", tmp_path / "painted.npy", LineChoice(inlines=(2, 3)))
    codes = project.labels("tiny").codes
    assert codes[2, 0].tolist() == [1] * 4 + [2] * 6 + [5] + [2] * 9
    assert codes[3, 0].tolist() == [0] * 10 + [5] + [0] * 9
    assert Project.open(project.folder).legend.n_classes == 5


def test_labels_that_are_there_can_be_kept(
    project: Project, horizon_at: WriteHorizon, tmp_path: Path
):
    project.labels("tiny").codes[2, 3, 6:8] = 2
    painted = np.zeros(SHAPE, np.uint8)
    painted[..., 5:9] = 3
    np.save(tmp_path / "painted.npy", painted)
    lines = LineChoice(inlines=(2,))
    done = label_facies(project, "tiny", tmp_path / "painted.npy", lines, keep=True)
    assert project.labels("tiny").codes[2, 3, 4:10].tolist() == [0, 3, 2, 2, 3, 0]
    assert (done.voxels, done.traces) == (18, 5)
    with pytest.raises(LabelError, match="has labels already"):
        label_facies(project, "tiny", tmp_path / "painted.npy", lines, keep=True)


def test_a_volume_that_is_damaged_far_down_changes_nothing(project: Project, tmp_path: Path):
    painted = np.full(SHAPE, 7, np.int16)
    painted[5, 4, 19] = 300
    np.save(tmp_path / "painted.npy", painted)
    with pytest.raises(LabelError, match="no facies codes"):
        label_facies(project, "tiny", tmp_path / "painted.npy", LineChoice())
    assert not project.labels("tiny").codes.any()
    assert Project.open(project.folder).legend == Legend.default(2)


def test_a_facies_volume_with_other_times_is_told_of(project: Project, make_shifted: Path):
    done = label_facies(project, "tiny", make_shifted, LineChoice())
    assert "begins at 500 ms every 4, the survey at 100 ms every 4" in done.warnings[0]


@pytest.fixture
def make_shifted(tiny_segy: Path, tmp_path: Path) -> Path:
    """The tiny cube 400 ms lower, every sample class 1."""
    raw = bytearray(tiny_segy.read_bytes())
    trace = 240 + 4 * SHAPE[2]
    for start in range(3600, len(raw), trace):
        raw[start + 108 : start + 110] = (500).to_bytes(2, "big")
        raw[start + 240 : start + trace] = np.ones(SHAPE[2], ">f4").tobytes()
    path = tmp_path / "shifted.sgy"
    path.write_bytes(raw)
    return path


def test_a_facies_volume_may_be_segy(project: Project, survey: Survey, tmp_path: Path):
    truth = np.random.default_rng(0).integers(0, 4, SHAPE).astype(np.uint8)
    export_segy(survey, truth, tmp_path / "facies.sgy", history="truth")
    label_facies(project, "tiny", tmp_path / "facies.sgy", LineChoice())
    assert np.array_equal(project.labels("tiny").codes, truth)


def test_segy_is_known_by_its_content(project: Project, survey: Survey, tmp_path: Path):
    truth = np.full(SHAPE, 2, np.uint8)
    file = tmp_path / "facies.sgy"
    export_segy(survey, truth, file, history="truth")
    label_facies(project, "tiny", file.rename(tmp_path / "facies.dat"), LineChoice())
    assert project.labels("tiny").counts() == {2: truth.size}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (np.ones((6, 5, 19), np.uint8), "shape"),
        (np.full(SHAPE, 300, np.int16), "no facies codes"),
        (np.full(SHAPE, -1, np.int16), "no facies codes"),
        (np.ones(SHAPE, np.float32), "whole numbers"),
        (np.array([{}], dtype=object), "not a .npy file of facies"),
        (np.zeros(SHAPE, np.uint8), "Nothing to label"),
    ],
)
def test_volumes_that_are_no_facies_are_refused(
    project: Project, tmp_path: Path, content: np.ndarray, message: str
):
    np.save(tmp_path / "facies.npy", content, allow_pickle=True)
    with pytest.raises(LabelError, match=message):
        label_facies(project, "tiny", tmp_path / "facies.npy", LineChoice())
    assert project.legend == Legend.default(2)


@pytest.mark.parametrize("name", ["facies.npy", "facies.txt", "facies.npz"])
def test_files_that_are_no_facies_are_refused(project: Project, tmp_path: Path, name: str):
    (tmp_path / name).write_text("noise")
    with pytest.raises(LabelError, match="facies"):
        label_facies(project, "tiny", tmp_path / name, LineChoice())


def test_an_amplitude_volume_is_no_facies(project: Project, tiny_segy: Path):
    with pytest.raises(LabelError, match="no facies codes"):
        label_facies(project, "tiny", tiny_segy, LineChoice())


def test_a_missing_horizon_is_named(project: Project, tmp_path: Path):
    with pytest.raises(HorizonError, match=r"absent\.txt"):
        label_horizons(project, "tiny", {"A": tmp_path / "absent.txt"}, LineChoice())


def test_horizons_that_miss_the_chosen_lines_label_nothing(
    project: Project, survey: Survey, tmp_path: Path
):
    grid = np.full(SHAPE[:2], 120.0)
    grid[2] = np.nan
    write_horizon_file(tmp_path / "holes.txt", grid, survey.geometry, "opendtect")
    with pytest.raises(LabelError, match="Nothing to label"):
        label_horizons(project, "tiny", {"A": tmp_path / "holes.txt"}, LineChoice(inlines=(2,)))
