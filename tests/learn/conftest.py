"""Surveys in memory, their labels, and networks small enough for a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.survey_labels import SurveyLabels
from napari_hyperseg.learn.data import LabelledData, SurveyData
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.model import Model
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.survey import SegySource, Survey

CPU = torch.device("cpu")
MakeData = Callable[..., SurveyData]
MakeLabelled = Callable[..., LabelledData]
MakeModel = Callable[..., Model]


@pytest.fixture(autouse=True)
def one_thread():
    """Tests share the machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def make_data() -> MakeData:
    """A function that makes a survey, as training sees it, of an array of amplitudes."""

    def make(volume: NDArray, *, start_ms: float = 0.0, interval_ms: float = 4.0) -> SurveyData:
        n_inlines, n_crosslines, n_samples = volume.shape
        geometry = Geometry(
            inlines=1 + np.arange(n_inlines),
            crosslines=1 + np.arange(n_crosslines),
            n_samples=n_samples,
            start_ms=start_ms,
            sample_interval_ms=interval_ms,
        )
        source = SegySource(Path("made.sgy"), (189, 193), 5, "IEEE float", "big", "")
        return SurveyData("made", Survey(geometry, np.asarray(volume, np.float32), source))

    return make


@pytest.fixture
def make_labelled(make_data: MakeData, tmp_path: Path) -> MakeLabelled:
    """A function that labels a survey with an array of codes, by default all amplitude 1."""

    def make(
        codes: NDArray,
        amplitude: NDArray | None = None,
        *,
        n_classes: int = 3,
        seed: int = 0,
        order: tuple[int, ...] | None = None,
        picks: NDArray | None = None,
    ) -> LabelledData:
        labels = FaciesLabels.create(tmp_path / f"{len(list(tmp_path.iterdir()))}.npy", codes.shape)
        labels.codes[:] = codes
        data = make_data(np.ones(codes.shape) if amplitude is None else amplitude)
        order = order or tuple(range(1, n_classes + 1))
        return LabelledData(data, SurveyLabels(codes.shape, order, labels, picks), seed)

    return make


@pytest.fixture
def make_model() -> MakeModel:
    """A function that makes a small model with random weights."""

    def make(seed: int = 0, stop_ms: float = 100.0, **fields) -> Model:
        torch.manual_seed(seed)
        encoding = InputEncoding(0.0, stop_ms, octaves=2)
        defaults = {"n_classes": 3, "width": 8, "path": ((0, 0, 4), (1, 1, 4), (0, 0, 4))}
        net = HyperbolicNet(NetConfig(in_channels=encoding.n_channels, **{**defaults, **fields}))
        return Model(net, encoding)

    return make


@pytest.fixture
def random() -> np.random.Generator:
    """Seeded random numbers."""
    return np.random.default_rng(0)
