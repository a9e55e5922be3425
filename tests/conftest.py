"""Fixtures that grow from a volume to a survey; each layer's own are beside its tests.

The amplitudes of `addressed_volume` spell their address: 123107 is inline 12, crossline 31,
sample 7.  Every such number is exact in float32 and in IBM float.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import segyio
from numpy.typing import NDArray

from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.survey import Survey

if TYPE_CHECKING:
    from s3_server import S3Server

INLINES = np.arange(10, 22, 2)
CROSSLINES = np.arange(31, 36)
N_SAMPLES = 20
START_MS = 100
INTERVAL_US = 4000


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files beside the checkout, not part of the project; skips where absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: it holds real surveys that are not distributed")
    return folder


@pytest.fixture(autouse=True)
def denormals() -> Iterator[None]:
    """Give each test denormal numbers back: jobs that run in this process switch them off."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture
def addressed_volume() -> NDArray[np.float32]:
    """Amplitudes that spell inline, crossline and sample; shape (6, 5, 20)."""
    lines = 10000 * INLINES[:, None, None] + 100 * CROSSLINES[:, None]
    return (lines + np.arange(N_SAMPLES)).astype(np.float32)


@pytest.fixture
def tiny_segy(tmp_path: Path, addressed_volume: NDArray[np.float32]) -> Path:
    """A regular SEG-Y cube (IEEE float, inline-sorted, with coordinates)."""
    path = tmp_path / "tiny.sgy"
    spec = segyio.spec()
    spec.format, spec.tracecount = 5, len(INLINES) * len(CROSSLINES)
    spec.samples = START_MS + INTERVAL_US / 1000 * np.arange(N_SAMPLES)
    with segyio.create(path, spec) as file:
        file.text[0] = segyio.tools.create_text_header({1: "AMPLITUDES SPELL THEIR ADDRESS"})
        file.bin.update(hdt=INTERVAL_US, hns=N_SAMPLES)
        for trace, (i, j) in enumerate(np.ndindex(addressed_volume.shape[:2])):
            file.header[trace] = tiny_header(int(INLINES[i]), int(CROSSLINES[j]))
            file.trace[trace] = addressed_volume[i, j]
    return path


def tiny_header(inline: int, crossline: int) -> dict[int, int]:
    """Trace header fields of the tiny survey: 25 m x 12.5 m bins, rotated."""
    return {
        29: 1, 71: -10, 109: START_MS, 115: N_SAMPLES, 117: INTERVAL_US,
        181: 4_500_000 + 120 * inline + 90 * crossline,
        185: 61_000_000 + 160 * inline - 70 * crossline,
        189: inline, 193: crossline,
    }  # fmt: skip


@pytest.fixture
def survey(tiny_segy: Path) -> Survey:
    """The tiny cube, opened."""
    return open_survey(tiny_segy)


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """An S3 server, which this process and those that it starts use."""
    from s3_server import s3_server

    with s3_server() as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server
