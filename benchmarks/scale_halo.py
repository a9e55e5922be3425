"""How far a prediction by blocks is from that of the whole volume at once."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch

from benchmarks.scale_cases import Row, make_cube, training_of
from napari_hyperseg.jobs.cluster.blocks import blocks_of
from napari_hyperseg.jobs.control import NoCommands
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.learn import predictor
from napari_hyperseg.learn.boxes import grown, size, whole
from napari_hyperseg.learn.data import SurveyData, slices
from napari_hyperseg.learn.model import load_model
from napari_hyperseg.learn.predictor import HALO, predict_box
from napari_hyperseg.survey.segy.opening import open_survey

SHAPE = (192, 256, 192)
TIMES = (0, 1, 2, 4)  # the usual halo


def halo(folder: Path, minutes: float) -> list[Row]:
    """Train for a few minutes, and predict by blocks with several halos."""
    files = make_cube(folder / "halo", SHAPE)
    spec = training_of(folder / "halo", files).model_copy(
        update={"steps": None, "minutes": minutes, "prior": False, "threads": None}
    )
    run_job(spec, lambda event: None, NoCommands())
    return _halos(spec.model, files.segy)


def _halos(folder: Path, segy: Path) -> list[Row]:
    """A row for each halo: what it costs, and what is another class or another confidence.

    Parameters
    ----------
    folder : Path
        Of a model, whose network is asked alone.
    segy : Path
    """
    model = load_model(folder, torch.device("cpu"))
    data = SurveyData("cube", open_survey(segy))
    codes, sure = predict_box(model, data, whole(data.shape))
    blocks = blocks_of(data.shape)
    rows = []
    for times in TIMES:
        halo = tuple(times * one for one in HALO)
        found, found_sure = np.empty_like(codes), np.empty_like(sure)
        with patch.object(predictor, "HALO", halo):
            for block in blocks:
                part = predict_box(model, data, block)
                found[slices(block)], found_sure[slices(block)] = part
        apart = np.abs(found_sure.astype(int) - sure)
        seen = sum(size(grown(block, halo, data.shape)) for block in blocks)
        rows.append(
            {
                "halo": " x ".join(map(str, halo)),
                "voxels_read_per_voxel": round(seen / codes.size, 2),
                "another_class": float(np.mean(found != codes)),
                "confidence_off_by_mean": round(float(apart.mean()), 3),
                "confidence_off_by_99.9": int(np.quantile(apart, 0.999)),
            }
        )
    return rows
