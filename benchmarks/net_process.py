"""One case in a process of its own: it measures itself, then repeats steps when asked.

The first line that the process prints is the row of the case, as JSON; for each line on its
standard input it makes another training step and prints the seconds.
"""

from __future__ import annotations

import json
import math
import sys
import warnings
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from benchmarks.net_cases import CLASSES, OURS, Case
from benchmarks.net_meter import PeakMeter, frees_at_once, seconds_of
from benchmarks.net_peers import Autograd, Checkpointed, Memcnn
from benchmarks.net_unets import BasicUNet, InvertibleUNet, count_parameters
from napari_hyperseg.learn.device import prepare_process
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet

WARM_UP_SIZE = 32
_PEERS = {"autograd": Autograd, "torch checkpoint": Checkpointed, "memcnn": Memcnn}


class Ours(HyperbolicNet):
    """Knows the error of its last backward pass, if it reconstructed anything."""

    def reconstruction_error(self, data: Tensor) -> float | None:
        """Distance of the reconstructed first state from the real one."""
        return None if math.isnan(self.monitor.error) else self.monitor.error


class Contest:
    """A contender and its problem: one labelled section of random data."""

    def __init__(self, case: Case, size: int) -> None:
        self.device = torch.device(case.device)
        torch.manual_seed(0)
        self.net = contender(case).to(self.device)
        self.data = torch.randn(1, 1, size, size, size).to(self.device)
        self.where = torch.zeros(1, size, size, size, dtype=torch.bool, device=self.device)
        self.where.select(1 + case.section, size // 2).fill_(True)
        self.targets = torch.randint(CLASSES, (size * size,)).to(self.device)

    def train(self) -> None:
        """One step: logits at the labels, loss, gradients."""
        self.net.zero_grad()
        cross_entropy(self.net(self.data, self.where), self.targets).backward()

    @torch.no_grad()
    def infer(self) -> None:
        """Logits at every voxel."""
        self.net(self.data)


def contender(case: Case) -> nn.Module:
    if case.mode in OURS:
        return Ours(case.config, Execution(mode=case.mode))
    if case.mode == "iunets":
        return InvertibleUNet(case.config)
    net = HyperbolicNet(case.config)
    return _PEERS.get(case.mode, BasicUNet)(net)


def measure(case: Case) -> tuple[dict[str, Any], Contest]:
    """Fill in a row; everything made after the warm-up counts."""
    warm_up = Contest(case, WARM_UP_SIZE)
    warm_up.infer()
    warm_up.train()
    device = warm_up.device
    del warm_up
    meter = PeakMeter(device)
    contest = Contest(case, case.size)
    inference = meter.peak_of(contest.infer) if case.inference else None
    seconds: list[float] = []
    peak = meter.peak_of(lambda: seconds.append(seconds_of(contest.train, device)))

    def in_states(size_bytes: int | None) -> float | None:
        return None if size_bytes is None else round(size_bytes / case.state_bytes, 2)

    row = {
        "parameters": count_parameters(contest.net),
        "peak_states": in_states(peak),
        "inference_peak_states": in_states(inference),
        "predicted_states": in_states(case.predicted_bytes.get("training")),
        "predicted_inference_states": in_states(case.predicted_bytes.get("inference")),
        "seconds_per_step": round(seconds[0], 3),
        "reconstruction_error": contest.net.reconstruction_error(contest.data),
        "peak_bytes": peak,
        "meter": meter.kind,
    }
    if case.mode in OURS and str(contest.net.monitor.mode) != case.mode:
        row["changed_to"] = str(contest.net.monitor.mode)  # the monitor did not trust the mode
    return row, contest


def serve(case: Case) -> None:
    """Be the process of a case."""
    warnings.filterwarnings("ignore", module="memcnn|iunets")  # they use what torch deprecates
    prepare_process()
    torch.backends.cudnn.allow_tf32 = False  # float32 for everyone
    frees = frees_at_once(case.state_bytes)
    try:
        row, contest = measure(case)
    except ModuleNotFoundError as error:
        _say({"skipped": f"{error.name} is not installed"})
    except (ValueError, torch.OutOfMemoryError) as error:
        _say({"skipped": str(error).splitlines()[0]})
    else:
        _say({**row, "frees_at_once": frees})
        for _ in sys.stdin:
            _say(seconds_of(contest.train, contest.device))


def _say(value: Any) -> None:
    print(json.dumps(value), flush=True)
