"""Measures the peak of one pass in a process of its own; prints bytes.

Run as ``python measure_peak.py '{"config": ..., "shape": ..., "mode": ..., "training": ...}'``.
"""

import json
import sys
from pathlib import Path

import torch

from napari_hyperseg.learn.device import prepare_process
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def resident(field):
    for line in STATUS.read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


def run(net, data, training):
    if not training:
        with torch.no_grad():
            net(data)
        return
    where = torch.zeros(data.shape[0], *data.shape[2:], dtype=torch.bool)
    where[:, 0] = True
    net(data, where).square().mean().backward()


def main(case):
    prepare_process(threads=1)
    config, shape = NetConfig(**case["config"]), case["shape"]
    net = HyperbolicNet(config, Execution(case["mode"], scratch_bytes=case.get("scratch")))
    run(net, torch.randn(1, config.in_channels, *[16] * config.dimensions), case["training"])
    net.zero_grad()
    base = resident("VmRSS")
    CLEAR.write_text("5")
    run(net, torch.randn(1, config.in_channels, *shape), case["training"])
    sys.stdout.write(f"{resident('VmHWM') - base}\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
