"""Memory of the network against depth and size, beside other ways to run the same layers.

Each case has a process of its own, which makes a training step and a prediction at 32^3
first, so that libraries, kernels and threads are loaded; then the network and the data are
made, logits are computed at every voxel without gradients, and one training step with one
labelled section, a crossline, follows.  The two peaks, above what the process held after the
warm-up, are counted in states (channels x voxels x 4 bytes) and include parameters and data;
no optimiser.
Beside them stands what napari_hyperseg.net.budget predicts.  Where frees_at_once is false,
states are small enough to stay on the heap, whose holes count for everyone.
seconds_per_step is that of this one step: see net_speed for times to compare.

``python -m benchmarks.net_memory [--json] [--plot FILE.png] [--device cuda] [--quick]``

``--large 512`` runs one training step on a cube of that size instead, ``--f3`` one of the
network and block that arXiv 2407.00595 used for the F3 survey.  Peers need
``pip install monai`` and ``pip install --no-deps memcnn iunets``; see net_peers, net_unets.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.net_cases import MODES, Case
from benchmarks.net_grid import large_cases, memory_cases
from benchmarks.net_plot import plot_memory
from benchmarks.net_process import serve
from benchmarks.net_report import report, tell
from benchmarks.net_worker import Worker
from napari_hyperseg.errors import HypersegError
from napari_hyperseg.learn.device import choose_device


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--large", type=int, metavar="SIZE", help="one step on a cube, such as 512")
    parser.add_argument("--f3", action="store_true", help="one step of the paper's F3 network")
    chosen = parse(parser)
    cases: Iterable[Case] = memory_cases(chosen.device, chosen.quick)
    if chosen.large or chosen.f3:
        cases = large_cases(chosen.device, chosen.large, chosen.f3)
    rows = []
    for case in cases:
        if case.mode in (chosen.only or MODES):
            rows.append(run(case))
            tell(rows[-1:])
    report(rows, as_json=chosen.json)
    if chosen.plot:
        plot_memory(rows, chosen.plot)


def run(case: Case) -> dict[str, Any]:
    """The row of a case; for F3 beside what the paper counts: three states, and the kernels."""
    row = Worker(case, "benchmarks.net_memory").close()
    if case.name == "F3" and "parameters" in row:
        row["analytic_states_bytes"] = 3 * case.state_bytes
        row["analytic_kernels_bytes"] = 4 * row["parameters"]
        row["analytic_bytes"] = row["analytic_states_bytes"] + row["analytic_kernels_bytes"]
    return row


def arguments(description: str | None) -> argparse.ArgumentParser:
    """What both benchmarks understand."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plot", type=Path, metavar="FILE.png")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--only", nargs="+", choices=MODES, metavar="MODE", help=", ".join(MODES))
    parser.add_argument("--quick", action="store_true", help="tiny cases, to try the program")
    parser.add_argument("--case", type=Case.from_json, help=argparse.SUPPRESS)
    return parser


def parse(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Read the command line; where it names a case, be its process and end."""
    chosen = parser.parse_args()
    try:
        choose_device(chosen.case.device if chosen.case else chosen.device)
    except HypersegError as error:
        parser.error(str(error))
    if chosen.case:
        serve(chosen.case)
        raise SystemExit(0)
    return chosen


if __name__ == "__main__":
    main()
