"""Seconds of a training step, this network's modes and others against each other.

The processes of a group of cases live side by side and are asked for one step after the
other, round after round, each round beginning with another one: what disturbs the machine
disturbs all alike.  Medians are reported, and medians of the ratios within a round.  The
convolutions of a step (net_cases counts them for each mode: 8 a layer in the reversible
ones) are also compared with the fastest convolution found by net_roofline.

One section is labelled: a crossline, from which the adjoint is everywhere at once, or, in the
case "one inline", an inline, from which it spreads layer by layer; what it has not reached,
this network leaves out.

``python -m benchmarks.net_speed [--json] [--plot FILE.png] [--device cuda] [--quick]``
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.net_cases import MODES, Case
from benchmarks.net_grid import speed_cases
from benchmarks.net_memory import arguments, parse
from benchmarks.net_plot import plot_speed
from benchmarks.net_report import MEMORY, report, tell
from benchmarks.net_worker import Worker

ROUNDS = (3, 15)  # at least, at most
REFERENCES = ("autograd", "memcnn")
WIDE = "64 channels"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=180, help="for the steps of a group")
    parser.add_argument("--groups", nargs="+", metavar="CASE", help="such as 'one level'")
    chosen = parse(parser)
    best = best_convolution(chosen.device, chosen.quick)
    rows: list[dict[str, Any]] = []
    for group in speed_cases(chosen.device, chosen.quick):
        cases = [case for case in group if case.mode in (chosen.only or MODES)]
        if chosen.groups and group[0].name not in chosen.groups:
            continue
        rows += compare(cases, 0.0 if chosen.quick else chosen.seconds, best)
        tell(rows[-len(cases) :])
    report(rows, as_json=chosen.json, hidden=MEMORY)
    if chosen.plot:
        plot_speed(rows, chosen.plot)


def best_convolution(device: str, quick: bool) -> dict[str, Any]:
    """What net_roofline finds, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.net_roofline", "--device", device]
    done = subprocess.run(
        command + ["--quick"] * quick, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


def compare(cases: Sequence[Case], budget: float, best: dict[str, Any]) -> list[dict[str, Any]]:
    """Time the cases in turn; return their rows."""
    workers = [Worker(case, "benchmarks.net_speed") for case in cases]
    running = {w.row["mode"]: w for w in workers if "skipped" not in w.row}
    times = take_turns(running, budget)
    for worker, case in zip(workers, cases, strict=True):
        if case.mode in running:
            worker.row |= figures(case, times, best)
    return [worker.close() for worker in workers]


def take_turns(running: dict[str, Worker], budget: float) -> dict[str, list[float]]:
    """Seconds of each step, by mode."""
    times: dict[str, list[float]] = {mode: [] for mode in running}
    order, began, count = list(running), time.perf_counter(), 0
    while count < ROUNDS[0] or (count < ROUNDS[1] and time.perf_counter() - began < budget):
        first = count % max(1, len(order))
        for mode in order[first:] + order[:first]:
            times[mode].append(running[mode].step())
        count += 1
    return times


def figures(case: Case, times: dict[str, list[float]], best: dict[str, Any]) -> dict[str, Any]:
    """Columns that come from the times."""
    own = times[case.mode]
    result: dict[str, Any] = {
        "seconds_per_step": round(median(own), 4),
        "spread": round((max(own) - min(own)) / median(own), 3),
        "steps": len(own),
    }
    for mode in REFERENCES:
        pairs = zip(own, times.get(mode, []), strict=False)
        ratios = [seconds / other for seconds, other in pairs]
        result[f"ratio_to_{mode}"] = round(median(ratios), 3) if ratios else None
    if case.name == WIDE:
        speed = case.flops / median(own)
        result["gflops_per_second"] = round(speed / 1e9, 1)
        result["share_of_best_conv"] = round(speed / best["flops_per_second"], 3)
        result["best_conv_gflops_per_second"] = round(best["flops_per_second"] / 1e9, 1)
        result["best_conv"] = best["shape"]
    return result


if __name__ == "__main__":
    main()
