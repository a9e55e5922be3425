"""The whole command line on a real survey window: three labelled crosslines, the rest scored.

Beside it, what its horizons give when interpolated linearly between the labelled crosslines.

Reads the Penobscot window (Baroni et al., Zenodo 3924682, CC BY 4.0) from a folder with
``penobscot_west.sgy`` and its horizons ``penobscot_west_H1.txt`` to ``H7.txt``.

``python -m benchmarks.penobscot [--data FOLDER] [--minutes 6] [--json]``
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import segyio
from scipy.interpolate import interp1d

from benchmarks.machine import report
from napari_hyperseg.labels.targets import facies_between
from napari_hyperseg.learn.metrics import confusion, order_violations, scores_of
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.segy.opening import open_survey

LABELLED_CROSSLINES = "1002,1116,1230"
DEFAULT_DATA = Path(__file__).parents[2] / "shared" / "data"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=DEFAULT_DATA)
    arguments.add_argument("--minutes", type=float, default=6.0)
    arguments.add_argument("--device", default="auto")
    arguments.add_argument("--keep", type=Path, help="make the project here and keep it")
    arguments.add_argument("--interpolation-only", action="store_true")
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    if not (chosen.data / "penobscot_west.sgy").exists():
        raise SystemExit(f"{chosen.data} has no penobscot_west.sgy. Name its folder with --data.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        rows = [interpolate(chosen.data)]
        if not chosen.interpolation_only:
            project = folder / "penobscot.hyperseg"
            rows.insert(0, run_chain(chosen.data, project, chosen.minutes, chosen.device))
    report(rows, as_json=chosen.json)


def run_chain(data: Path, project: Path, minutes: float, device: str) -> dict[str, Any]:
    """Run each command as a user would, timed."""
    segy = data / "penobscot_west.sgy"
    horizons = [f"--horizon=H{k}={data / f'penobscot_west_H{k}.txt'}" for k in range(1, 8)]
    seconds = {
        "init_s": hyperseg("init", project, segy)[0],
        "label_s": hyperseg("label", project, *horizons, "--crosslines", LABELLED_CROSSLINES)[0],
    }
    seconds["train_s"], trained = hyperseg(
        "train", project, "--minutes", minutes, "--device", device, "--json"
    )
    seconds["predict_s"], _ = hyperseg("predict", project, "--device", device, "--json")
    _, scores = hyperseg("evaluate", project, *horizons, "--json")
    exported = project.parent / "facies.sgy"
    seconds["export_s"], _ = hyperseg("export", project, "--facies", exported)
    return {
        "case": "Penobscot west",
        "steps": trained["steps"],
        **{name: round(value, 1) for name, value in seconds.items()},
        **{k: scores[k] for k in ("pixel_accuracy", "mean_iou", "order_violations", "traces")},
        "mae_samples": float(np.mean([h["mae_samples"] for h in scores["horizons"].values()])),
        "headers_identical": same_headers(segy, exported),
    }


def interpolate(data: Path) -> dict[str, Any]:
    """Score straight lines between the picks on the labelled crosslines."""
    geometry = open_survey(data / "penobscot_west.sgy").geometry
    known = [geometry.crossline_index(int(n)) for n in LABELLED_CROSSLINES.split(",")]
    true = [
        read_horizon_file(data / f"penobscot_west_H{k}.txt", geometry).values for k in range(1, 8)
    ]
    found = [interp1d(known, grid[:, known])(np.arange(grid.shape[1])) for grid in true]
    away = np.ones(geometry.shape[1], bool)
    away[known] = False
    codes = [facies_between(grids, geometry)[:, away] for grids in (true, found)]
    scores = scores_of(confusion(*codes, n_classes=len(true) + 1))
    errors = np.abs(np.array(found) - np.array(true))[:, :, away] / geometry.sample_interval_ms
    return {
        "case": "linear interpolation",
        "pixel_accuracy": scores.pixel_accuracy,
        "mean_iou": scores.mean_iou,
        "order_violations": order_violations(codes[1]),
        "traces": int(away.sum()) * geometry.shape[0],
        "mae_samples": float(errors.mean()),
    }


def hyperseg(*arguments: object) -> tuple[float, dict[str, Any]]:
    """Run one command; return its seconds and what it printed as JSON."""
    entry = "from napari_hyperseg.cli.app import main; main()"
    command = [sys.executable, "-c", entry, *map(str, arguments)]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"hyperseg {' '.join(command[3:])}\n{done.stderr}")
    seconds = time.perf_counter() - began
    return seconds, json.loads(done.stdout) if "--json" in command else {}


def same_headers(source: Path, copy: Path) -> bool:
    """Tell whether every trace header reads back the same."""
    with (
        segyio.open(source, ignore_geometry=True) as a,
        segyio.open(copy, ignore_geometry=True) as b,
    ):
        return len(a.header) == len(b.header) and all(
            x == y for x, y in zip(a.header[:], b.header[:], strict=True)
        )


if __name__ == "__main__":
    main()
