"""The label file: sparse, aligned, safe from pickles, and there after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.facies import FaciesLabels

SHAPE = (6, 8, 10)


@pytest.fixture
def labels(tmp_path: Path) -> FaciesLabels:
    return FaciesLabels.create(tmp_path / "facies.npy", SHAPE)


def test_new_labels_are_empty_and_numpy_reads_them(labels: FaciesLabels):
    assert labels.counts() == {}
    stored = np.load(labels.path, allow_pickle=False)
    assert stored.dtype == np.uint8
    assert stored.shape == SHAPE
    assert not stored.any()


def test_numpy_writes_what_can_be_opened(tmp_path: Path):
    codes = np.arange(480, dtype=np.uint8).reshape(SHAPE)
    np.save(tmp_path / "saved.npy", codes)
    assert np.array_equal(FaciesLabels.open(tmp_path / "saved.npy").codes, codes)


@pytest.mark.skipif(sys.platform == "win32", reason="NTFS files are sparse only on request")
def test_a_big_survey_takes_no_space_until_it_is_labelled(tmp_path: Path):
    labels = FaciesLabels.create(tmp_path / "facies.npy", (4000, 1000, 1000))
    labels.codes[2000, 500, :100] = 7
    labels.flush()
    status = labels.path.stat()
    assert status.st_size > 4e9
    assert status.st_blocks * 512 < 1e6
    assert labels.counts() == {7: 100}
    assert np.argwhere(labels.traces()).tolist() == [[2000, 500]]


def test_labels_survive_a_kill(labels: FaciesLabels):
    writer = (
        "import sys\n"
        "from napari_hyperseg.labels.facies import FaciesLabels\n"
        "labels = FaciesLabels.open(sys.argv[1])\n"
        "labels.codes[3, 4, 5:8] = 2\n"
        "print('written', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(labels.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert np.argwhere(FaciesLabels.open(labels.path).codes == 2).tolist() == [
        [3, 4, 5],
        [3, 4, 6],
        [3, 4, 7],
    ]


def test_labels_are_not_created_over_labels(labels: FaciesLabels):
    labels.codes[0, 0, 0] = 1
    with pytest.raises(LabelError, match="exist already"):
        FaciesLabels.create(labels.path, SHAPE)
    assert FaciesLabels.open(labels.path).counts() == {1: 1}


def test_a_read_only_view_cannot_label(labels: FaciesLabels):
    view = FaciesLabels.open(labels.path, writable=False)
    with pytest.raises(ValueError, match="read-only"):
        view.codes[0, 0, 0] = 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (np.zeros(SHAPE, np.int16), "uint8"),
        (np.zeros(SHAPE, np.float32), "uint8"),
        (np.zeros(SHAPE[:2], np.uint8), "inline, crossline, sample"),
        (np.asfortranarray(np.zeros(SHAPE, np.uint8)), "inline, crossline, sample"),
        (np.array([[[{"a": 1}]]], dtype=object), "object"),
        (np.zeros((6, 8, 11), np.uint8), r"\(6, 8, 11\), the survey \(6, 8, 10\)"),
    ],
)
def test_arrays_of_another_kind_are_refused(tmp_path: Path, content: np.ndarray, message: str):
    np.save(tmp_path / "facies.npy", content, allow_pickle=True)
    with pytest.raises(LabelError, match=message):
        FaciesLabels.open(tmp_path / "facies.npy", shape=SHAPE)


@pytest.mark.parametrize("content", [b"", b"noise", b"\x93NUMPY\x01\x00\xff\xffrest", None])
def test_files_of_another_kind_are_refused(tmp_path: Path, content: bytes | None):
    path = tmp_path / "facies.npy"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LabelError, match=r"facies\.npy"):
        FaciesLabels.open(path)


def test_a_file_cut_short_is_refused_and_not_grown(labels: FaciesLabels):
    whole = labels.path.read_bytes()
    labels.path.write_bytes(whole[:-1])
    with pytest.raises(LabelError, match="cut short"):
        FaciesLabels.open(labels.path)
    assert labels.path.stat().st_size == len(whole) - 1


def test_paste_adds_and_never_erases(labels: FaciesLabels):
    first = np.zeros(SHAPE, np.uint8)
    first[..., :5] = 1
    second = np.zeros(SHAPE, np.uint8)
    second[..., 4:6] = 2
    assert labels.paste(first) == 240
    assert labels.paste(second) == 96
    assert labels.codes[3, 3].tolist() == [1, 1, 1, 1, 2, 2, 0, 0, 0, 0]


def test_paste_keeps_to_the_lines(labels: FaciesLabels):
    labels.paste(np.ones(SHAPE, np.uint8), inlines=[2], crosslines=[0, 7])
    expected = np.zeros(SHAPE[:2], bool)
    expected[2] = True
    expected[:, [0, 7]] = True
    assert np.array_equal(labels.traces(), expected)
    assert labels.labelled_inlines().tolist() == [2]
    assert labels.labelled_crosslines().tolist() == [0, 7]


def test_no_lines_is_not_all_lines(labels: FaciesLabels):
    assert labels.paste(np.ones(SHAPE, np.uint8), inlines=[]) == 0


@pytest.mark.parametrize(
    ("shape", "inlines", "message"), [((6, 8, 9), None, "shape"), (SHAPE, [6], "outside")]
)
def test_paste_refuses_what_does_not_fit(labels: FaciesLabels, shape, inlines, message):
    with pytest.raises(LabelError, match=message):
        labels.paste(np.ones(shape, np.uint8), inlines=inlines)
    assert labels.counts() == {}
