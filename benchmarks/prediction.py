"""Predicting a whole volume: our network, as `hyperseg predict` runs it, beside MONAI's.

Voxels a second from the opened SEG-Y file to the facies and confidence on disk.  The network runs
everywhere, with what was tracked beforehand counting, too.  Beside it, MONAI's BasicUNet slid over
the same volume in memory, with its own settings: as MONAI makes it, and with as many parameters as
ours has.  All of them in turns; medians, and ratios within a round.

``python -m benchmarks.prediction [--sizes 128] [--rounds 3] [--threads 2] [--device cpu] [--json]``
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.machine import report
from napari_hyperseg.jobs.control import NoCommands
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.learn.model import load_model
from napari_hyperseg.survey.sample import synthetic_files
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

SEED = 61
WINDOW, OVERLAP = (96, 96, 96), 0.25  # of the sliding window; the overlap is MONAI's default
SMALL = (16, 16, 32, 64, 128, 16)  # features of a U-Net with as many parameters as ours
KEY = "cube"
Row = dict[str, Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", type=int, nargs="*", default=[128], metavar="SAMPLES")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    torch.set_num_threads(chosen.threads)
    rows = [row for size in chosen.sizes for row in compare(size, chosen)]
    report(rows, as_json=chosen.json, rounds=chosen.rounds)


def compare(size: int, chosen: argparse.Namespace) -> list[Row]:
    """Time every method on a cube, in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_synthetic(make_synthetic((size, size, size), seed=SEED), folder, KEY)
        ours, parameters = _ours(folder, chosen)
        methods = {"ours": (ours, parameters)}
        for title, features in {"BasicUNet": None, "BasicUNet, as large as ours": SMALL}.items():
            methods[title] = _unet(folder, features, chosen.device)
        seconds: dict[str, list[float]] = {title: [] for title in methods}
        for _ in range(chosen.rounds):
            for title, (predict, _) in methods.items():
                began = time.perf_counter()
                predict()
                seconds[title].append(time.perf_counter() - began)
    return [
        {
            "size": size,
            "method": title,
            "parameters": methods[title][1],
            "seconds": round(statistics.median(times), 2),
            "voxels_per_second": round(size**3 / statistics.median(times)),
            "times_ours": round(_median_ratio(times, seconds["ours"]), 2),
        }
        for title, times in seconds.items()
    ]


def _median_ratio(times: list[float], own: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(times, own, strict=True))


def _ours(folder: Path, chosen: argparse.Namespace) -> tuple[Callable[[], None], int]:
    """A model of one step whose network counts in full, and its prediction."""
    files = synthetic_files(folder, KEY)
    facies = np.load(files.facies)
    labels = FaciesLabels.create(folder / "labels.npy", facies.shape)
    labels.paste(facies, inlines=[len(facies) // 4, 3 * len(facies) // 4])
    survey = SurveyInput(
        key=KEY, segy=files.segy, facies=labels.path, prediction=folder / "prediction.zarr"
    )
    common = {
        "model": folder / "model",
        "surveys": (survey,),
        "n_classes": int(facies.max()),
        "threads": chosen.threads,
        "device": chosen.device,
    }
    run_job(JobSpec(kind="train", steps=1, **common), lambda event: None, NoCommands())
    model = load_model(folder / "model", torch.device("cpu"))
    model.balance = 0.5
    model.save(folder / "model")
    spec = JobSpec(kind="predict", **common)
    parameters = sum(p.numel() for p in model.net.parameters())
    return lambda: run_job(spec, lambda event: None, NoCommands()), parameters


def _unet(
    folder: Path, features: tuple[int, ...] | None, device: str
) -> tuple[Callable[[], None], int]:
    """MONAI's network with random weights, and its prediction of the same volume."""
    from monai.inferers import sliding_window_inference
    from monai.networks.nets import BasicUNet

    given = {} if features is None else {"features": features}
    net = BasicUNet(3, 1, 6, norm="instance", **given).to(device).eval()
    volume = torch.from_numpy(open_survey(synthetic_files(folder, KEY).segy).load())[None, None]

    @torch.no_grad()
    def predict() -> None:
        logits = sliding_window_inference(volume.to(device), WINDOW, 1, net, OVERLAP)
        torch.softmax(logits[0], dim=0).max(dim=0)[1].byte().cpu().numpy()

    return predict, sum(p.numel() for p in net.parameters())


if __name__ == "__main__":
    main()
