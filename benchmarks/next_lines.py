"""Labels where the tool says, beside as many evenly spaced lines.

Each cube begins with its middle inline and crossline labelled.  One way labels the line that
``hyperseg next`` names, trains, and asks again; the other labels lines that part the survey
evenly.  Generated cubes whose seeds are used for nothing else, trained as everywhere.

``python -m benchmarks.next_lines [--minutes 1] [--cubes 34 35 36] [--json]``
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.accuracy_cases import CUBES, Case, Mask, generated
from benchmarks.accuracy_ours import Outcome, train
from benchmarks.accuracy_scores import score
from benchmarks.machine import report
from napari_hyperseg.labels.next_lines import next_lines
from napari_hyperseg.project.next_line import expected_errors

HARD = (34, 35, 36)
EVENLY = ((0, 1 / 6), (0, 5 / 6), (1, 1 / 6), (1, 5 / 6))  # axis, share of the extent
SUGGESTED, EVEN = "where it says", "evenly spaced"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cubes", type=int, nargs="*", choices=CUBES, default=list(HARD))
    arguments.add_argument("--minutes", type=float, default=1.0, help="of each training")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    torch.set_num_threads(chosen.threads)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in generated(Path(folder), tuple(chosen.cubes)):
            for row in _compare(case, chosen):
                print("  ".join(f"{value}" for value in row.values()), file=sys.stderr, flush=True)
                rows.append(row)
    report(rows, as_json=chosen.json, minutes=chosen.minutes, threads_used=chosen.threads)


def _compare(case: Case, chosen: argparse.Namespace) -> Iterator[dict[str, Any]]:
    start = np.zeros(case.volume.shape[:2], bool)
    for axis in (0, 1):
        _label(start, axis, case.volume.shape[axis] // 2)
    first = _train(case, start, chosen)
    for way in (SUGGESTED, EVEN):
        labelled, found = start.copy(), first
        yield _row(case, way, 0, "", labelled, found)
        for number, (even_axis, share) in enumerate(EVENLY, start=1):
            if way == EVEN:
                axis, index = even_axis, round(share * (case.volume.shape[even_axis] - 1))
            else:
                axis, index = _suggested(found, labelled)
            _label(labelled, axis, index)
            found = _train(case, labelled, chosen)
            yield _row(case, way, number, f"{'ix'[axis]}{index}", labelled, found)


def _suggested(found: Outcome, labelled: Mask) -> tuple[int, int]:
    wrong = expected_errors(found.volumes[-1][1], found.confidence)
    return next_lines(wrong, labelled, 1)[0].place


def _train(case: Case, labelled: Mask, chosen: argparse.Namespace) -> Outcome:
    return train(case, labelled, chosen.minutes, seed=0, threads=chosen.threads, prior=True)


def _label(labelled: Mask, axis: int, index: int) -> None:
    labelled[(slice(None),) * axis + (index,)] = True


def _row(
    case: Case, way: str, added: int, line: str, labelled: Mask, found: Outcome
) -> dict[str, Any]:
    figures = score(case, labelled, found.volumes[-1][1])
    return {"case": case.name, "lines": way, "added": added, "line": line, **figures}


if __name__ == "__main__":
    main()
