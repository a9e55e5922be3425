"""A project folder of the tiny survey, and predictions written as the worker writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.labels.order import order_of
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.project.folder import Project

WritePrediction = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path, tiny_segy: Path) -> Project:
    """A project of the tiny survey, nothing labelled."""
    return Project.create(tmp_path / "tiny.hyperseg", [tiny_segy])


@pytest.fixture
def labelled_project(project: Project) -> Project:
    """Classes 1 and 2, above and below sample 10, on the third crossline."""
    codes = project.labels("tiny").codes
    codes[:, 2, :10] = 1
    codes[:, 2, 10:] = 2
    return project


@pytest.fixture
def write_prediction(project: Project) -> WritePrediction:
    """A function that makes these codes the prediction of the tiny survey."""

    def write(
        codes: np.ndarray,
        n_classes: int,
        model: str = "20260101-120000",
        below: np.ndarray | None = None,
        order: tuple[int, ...] = (),
        revision: int | None = None,
    ) -> Path:
        path = project.prediction_path(model, "tiny")
        store = PredictionStore.open_or_create(
            path, codes.shape, n_classes, order=() if below is None else order_of(order, n_classes)
        )
        box = tuple((0, extent) for extent in codes.shape)
        sides = [] if below is None else [below]
        store.write(box, codes, np.full_like(codes, 90), *sides, origin=Origin(1, revision))
        store.finish()
        return path

    return write
