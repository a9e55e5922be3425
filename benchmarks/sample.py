"""Accuracy on the sample cube within a time budget: our network against MONAI's BasicUNet.

Both see the same labelled lines, amplitudes alone, and the same augmentation, for the same
minutes on the same device, one after the other.  Ours starts from the boundaries that it tracks,
and runs as the window runs it, in a worker process that also predicts while it trains; the U-Net
only trains, and predicts afterwards.  Scored on the lines without labels; of ours, it is told when
the whole volume was as good as nine tenths of that for the first time.

``python -m benchmarks.sample [--minutes 3] [--json]``  (needs the ``bench`` extra)
"""

from __future__ import annotations

import argparse
import math
import queue
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zarr
from numpy.typing import NDArray

from benchmarks.machine import report
from napari_hyperseg.jobs.events import BlockPredicted, Event, JobFailed, JobFinished, JobStarted
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.process import ProcessLauncher
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.lines import unlabelled_traces
from napari_hyperseg.labels.survey_labels import SurveyLabels
from napari_hyperseg.learn.boxes import whole
from napari_hyperseg.learn.data import LabelledData, SurveyData
from napari_hyperseg.learn.device import choose_device, prepare_process
from napari_hyperseg.learn.fresh import encoding_for
from napari_hyperseg.learn.loss import balanced_loss, class_weights
from napari_hyperseg.learn.metrics import confusion, scores_of
from napari_hyperseg.learn.sampling import Sampler
from napari_hyperseg.net.padding import crop, pad_to_multiple
from napari_hyperseg.survey.sample import sample_files
from napari_hyperseg.survey.segy.opening import open_survey

NEARLY = 0.9  # of the final mean IoU, on the whole volume
UNET_LINES = (32, 32)  # four halvings, and instance norm wants more than one voxel


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=3.0)
    arguments.add_argument("--device", default="auto")
    arguments.add_argument("--only", choices=["hyperbolic", "unet"])
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    prepare_process()
    cases = {"hyperbolic": run_hyperbolic, "unet": run_unet}
    rows = []
    for name, run in cases.items():
        if chosen.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                rows.append(run(Path(folder), chosen.minutes, chosen.device))
    report(rows, as_json=chosen.json)


def sparse_labels(folder: Path) -> tuple[FaciesLabels, NDArray[np.uint8]]:
    """Label the sample's lines; also return the whole truth."""
    sample = sample_files()
    geometry, truth = open_survey(sample.segy).geometry, np.load(sample.facies)
    labels = FaciesLabels.create(folder / "facies.npy", truth.shape)
    labels.paste(
        truth,
        [geometry.inline_index(number) for number in sample.inlines],
        [geometry.crossline_index(number) for number in sample.crosslines],
    )
    return labels, truth


def score(labels: FaciesLabels, truth: NDArray, codes: NDArray) -> dict[str, float]:
    """Figures on the lines without labels."""
    traces = labels.traces()
    away = unlabelled_traces(traces, np.ones_like(traces))
    scores = scores_of(confusion(truth[away], codes[away], int(truth.max())))
    return {"pixel_accuracy": scores.pixel_accuracy, "mean_iou": scores.mean_iou}


def run_hyperbolic(folder: Path, minutes: float, device: str) -> dict[str, Any]:
    labels, truth = sparse_labels(folder)
    middle = truth.shape[0] // 2
    spec = JobSpec(
        kind="train",
        model=folder / "model",
        surveys=(
            SurveyInput(
                key="sample",
                segy=sample_files().segy,
                facies=folder / "facies.npy",
                prediction=folder / "sample.zarr",
            ),
        ),
        n_classes=int(truth.max()),
        minutes=minutes,
        device=device,
        live=True,
        view=View(survey="sample", axis=0, index=middle),
    )
    events: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()
    began = time.perf_counter()
    ProcessLauncher().launch(spec, lambda e: events.put((time.perf_counter() - began, e)))
    steps, parameters, overlay = 0, 0, None
    shown: list[tuple[float, float]] = []  # after each sweep: seconds, mean IoU
    left = truth.shape[1] * truth.shape[2]
    while True:
        seconds, event = events.get()
        match event:
            case JobStarted():
                parameters = event.parameters
            case BlockPredicted(visible=True) if overlay is None:
                left -= math.prod(stop - start for start, stop in event.box)
                overlay = seconds if left <= 0 else None
            case BlockPredicted() if event.done >= event.total:
                shown.append((seconds, score(labels, truth, predicted(folder))["mean_iou"]))
            case JobFailed():
                raise SystemExit(event.message)
            case JobFinished():
                steps = event.steps
                break
    figures = score(labels, truth, predicted(folder))
    near = NEARLY * figures["mean_iou"]
    return {
        "case": "hyperbolic",
        "parameters": parameters,
        "steps": steps,
        "first_section_s": round(overlay or math.nan, 1),
        "nearly_final_s": round(next((at for at, iou in shown if iou >= near), math.nan), 1),
        "seconds": round(seconds, 1),
        **figures,
    }


def predicted(folder: Path) -> NDArray[np.uint8]:
    """What is on disk."""
    codes: NDArray[np.uint8] = zarr.open_group(folder / "sample.zarr", mode="r")["facies"][:]
    return codes


def run_unet(folder: Path, minutes: float, device_name: str) -> dict[str, Any]:
    from monai.networks.nets import BasicUNet

    labels, truth = sparse_labels(folder)
    device = choose_device(device_name)
    torch.manual_seed(0)
    survey = open_survey(sample_files().segy)
    data, encoding = SurveyData("sample", survey), encoding_for([survey.geometry])
    order = tuple(range(1, int(truth.max()) + 1))
    labelled = LabelledData(data, SurveyLabels(data.shape, order, labels), 0)
    block = (*UNET_LINES, data.shape[2])
    sampler = Sampler([labelled], encoding, block, 2, np.random.default_rng(0))
    net = BasicUNet(3, encoding.n_channels, len(order), norm=("instance", {"affine": True}))
    net = net.to(device)
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    weights = class_weights(labelled.training_counts).to(device)
    began, steps = time.perf_counter(), 0
    while time.perf_counter() - began < 60 * minutes:
        batch = sampler.draw().to(device)
        known = batch.limits[:, 0] > 0
        logits = net(batch.channels).movedim(1, -1)[known]
        limits = batch.limits.movedim(1, 0)[:, known]
        loss = balanced_loss(logits, limits, order, weights, batch.weights[known])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        steps += 1
    codes = predict_unet(net, data, encoding, device)
    return {
        "case": "MONAI BasicUNet",
        "parameters": sum(p.numel() for p in net.parameters()),
        "steps": steps,
        "seconds": round(time.perf_counter() - began, 1),
        **score(labels, truth, codes),
    }


@torch.no_grad()
def predict_unet(
    net: torch.nn.Module, data: SurveyData, encoding: Any, device: torch.device
) -> NDArray[np.uint8]:
    """Predict the whole cube at once, padded to what four halvings need."""
    channels = torch.from_numpy(data.block(whole(data.shape), encoding).channels)[None].to(device)
    logits = crop(net(pad_to_multiple(channels, (16, 16, 16))), data.shape)[0]
    return logits.argmax(dim=0).cpu().numpy().astype(np.uint8) + 1


if __name__ == "__main__":
    main()
