"""Memory and time of one training step over depth: reversible against plain autograd.

Each case runs in a process of its own; peak resident memory is counted above a warm-up, in
units of one state.  ``python -m benchmarks.network [--json]``
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

import torch
from torch import Tensor

from benchmarks.machine import report
from napari_hyperseg.learn.device import prepare_process
from napari_hyperseg.net.convolution import channels_last
from napari_hyperseg.net.reversible import reversible_apply
from napari_hyperseg.net.steps import LeapfrogStep, State

CHANNELS, RANK, SIDE = 8, 8, 96
DEPTHS = (8, 16, 32)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--case", nargs=2, metavar=("KIND", "DEPTH"), help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.case:
        print(json.dumps(measure(chosen.case[0], int(chosen.case[1]))))
        return
    rows = [in_own_process(kind, depth) for depth in DEPTHS for kind in ("plain", "reversible")]
    report(rows, as_json=chosen.json)


def in_own_process(kind: str, depth: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.network", "--case", kind, str(depth)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def measure(kind: str, depth: int) -> dict[str, Any]:
    """Peak memory and median time of a step."""
    prepare_process()
    torch.manual_seed(0)
    chain = {"plain": plain_chain, "reversible": reversible_chain}[kind]
    run_step(chain, 2, 16)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = sorted(run_step(chain, depth, SIDE) for _ in range(3))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    state_kib = 4 * CHANNELS * SIDE**3 / 1024
    return {
        "case": kind,
        "layers": depth,
        "peak_states": round(peak / state_kib, 1),
        "seconds_per_step": round(seconds[1], 2),
    }


def run_step(chain: Any, depth: int, side: int) -> float:
    parameters = [
        p.requires_grad_()
        for _ in range(depth)
        for p in (0.1 * torch.randn(RANK, CHANNELS, 3, 3, 3), torch.zeros(RANK))
    ]
    data = torch.randn(1, CHANNELS, side, side, side).contiguous(memory_format=channels_last(5))
    began = time.perf_counter()
    chain(State(data, data), parameters).current.pow(2).mean().backward()
    return time.perf_counter() - began


def reversible_chain(state: State, parameters: list[Tensor]) -> State:
    return reversible_apply([LeapfrogStep(0.2)] * (len(parameters) // 2), state, parameters)


def plain_chain(state: State, parameters: list[Tensor]) -> State:
    for kernel, bias in zip(parameters[::2], parameters[1::2], strict=True):
        hidden = torch.relu(torch.conv3d(state.current, kernel, bias, padding=1))
        f = -torch.conv_transpose3d(hidden, kernel, padding=1)
        state = State(state.current, 2 * state.current - state.previous + 0.04 * f)
    return state


if __name__ == "__main__":
    main()
