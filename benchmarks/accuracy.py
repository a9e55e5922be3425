"""From a handful of labelled lines to the whole volume: ours beside everything else.

The same labels, the same minutes, the same threads for each.  Generated cubes from easy to hard
(their seeds are used for nothing else), and the Penobscot window (Baroni et al., Zenodo 3924682,
CC BY 4.0) from a folder with ``penobscot_west.sgy`` and its horizons.  Each row is told as soon as
it is known, a line of JSON.

``python -m benchmarks.accuracy [--data FOLDER] [--minutes 5] [--layouts "4 lines"] [--json]``
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from benchmarks import accuracy_forest, accuracy_ours, accuracy_peers
from benchmarks.accuracy_cases import (
    CUBE_LAYOUTS,
    CUBES,
    PENOBSCOT_LAYOUTS,
    Case,
    Mask,
    generated,
    penobscot,
)
from benchmarks.accuracy_results import Row
from benchmarks.accuracy_scores import calibration_error, score
from benchmarks.accuracy_unet import UNet
from benchmarks.machine import report

OURS, BARE = "ours", "ours, from nothing"
UNETS = {"BasicUNet": False, "BasicUNet with depth": True}
FOREST = "random forest"
METHODS = (OURS, BARE, *accuracy_peers.PEERS, FOREST, *UNETS)
SNAPSHOTS = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0)  # minutes
LAYOUTS = tuple(dict.fromkeys([*CUBE_LAYOUTS, *PENOBSCOT_LAYOUTS]))
DEFAULT_DATA = Path(__file__).parents[2] / "shared" / "data"


def main() -> None:
    chosen = _arguments().parse_args()
    torch.set_num_threads(chosen.threads)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in _cases(chosen, Path(folder)):
            for row in _compare(case, chosen):
                print(json.dumps(row), file=sys.stderr, flush=True)
                rows.append(row)
    report(rows, as_json=chosen.json, minutes=chosen.minutes, threads_used=chosen.threads)


def _arguments() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=DEFAULT_DATA)
    arguments.add_argument("--cubes", type=int, nargs="*", default=list(CUBES), metavar="SEED")
    arguments.add_argument("--no-penobscot", action="store_true")
    arguments.add_argument("--layouts", nargs="*", choices=LAYOUTS, default=LAYOUTS)
    arguments.add_argument("--methods", nargs="*", choices=METHODS, default=METHODS)
    arguments.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    arguments.add_argument("--minutes", type=float, default=5.0)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--json", action="store_true")
    return arguments


def _cases(chosen: argparse.Namespace, folder: Path) -> Iterator[Case]:
    if not chosen.no_penobscot:
        yield penobscot(chosen.data)
    yield from generated(folder, tuple(chosen.cubes))


def _compare(case: Case, chosen: argparse.Namespace) -> Iterator[Row]:
    layouts = PENOBSCOT_LAYOUTS if case.kind == "real" else CUBE_LAYOUTS
    for layout, label in layouts.items():
        if layout not in chosen.layouts:
            continue
        for seed in chosen.seeds:
            labelled = label(case.volume.shape, seed)
            for method in chosen.methods:
                if seed == chosen.seeds[0] or layout == "8 wells" or not _is_certain(method):
                    row = {"case": case.name, "kind": case.kind, "labels": layout, "seed": seed}
                    for figures in _run(method, case, labelled, seed, chosen):
                        yield {**row, "method": method, **figures}


def _is_certain(method: str) -> bool:
    """Whether it comes to the same result each time."""
    return method in accuracy_peers.PEERS


def _run(
    method: str, case: Case, labelled: Mask, seed: int, chosen: argparse.Namespace
) -> Iterator[Row]:
    """Figures after some minutes; the last ones are the result."""
    if method in (OURS, BARE):
        yield from _run_ours(case, labelled, seed, chosen, prior=method == OURS)
        return
    if method in UNETS:
        unet = UNet(case, labelled, depth=UNETS[method], seed=seed)
        for minutes, codes in unet.train(chosen.minutes, SNAPSHOTS):
            yield {"minutes": minutes, **score(case, labelled, codes)}
        return
    began = time.perf_counter()
    if method == FOREST:
        codes = accuracy_forest.predict(case, labelled, seed, chosen.threads)
    else:
        codes = accuracy_peers.predict(accuracy_peers.PEERS[method], case, labelled)
    minutes = (time.perf_counter() - began) / 60
    yield {"minutes": minutes, **score(case, labelled, codes)}


def _run_ours(
    case: Case, labelled: Mask, seed: int, chosen: argparse.Namespace, *, prior: bool
) -> Iterator[Row]:
    found = accuracy_ours.train(case, labelled, chosen.minutes, seed, chosen.threads, prior=prior)
    *earlier, (minutes, result) = found.volumes
    for at, codes in _thinned(earlier):
        yield {"minutes": at, **score(case, labelled, codes)}
    yield {
        "minutes": minutes,
        **score(case, labelled, result),
        "calibration_error": calibration_error(case, labelled, result, found.confidence),
        "first_section_s": found.first_section_s,
    }


def _thinned(volumes: list[tuple[float, Any]]) -> list[tuple[float, Any]]:
    """The first one, and the first after each moment of the curve."""
    after = [next((v for v in volumes if v[0] >= moment), None) for moment in (0.0, *SNAPSHOTS)]
    return list({id(v): v for v in after if v is not None}.values())


if __name__ == "__main__":
    main()
