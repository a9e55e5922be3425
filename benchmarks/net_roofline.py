"""The fastest convolution of this machine: what torch.conv3d reaches at its best shapes.

``python -m benchmarks.net_roofline [--device cuda] [--quick]`` prints it as JSON.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterator
from typing import Any

import torch

from benchmarks.net_meter import seconds_of
from napari_hyperseg.learn.device import choose_device, prepare_process

CHANNELS = ((16, 16), (32, 32), (64, 64), (64, 16), (128, 128))
SIZES, BATCHES = (32, 48), (1, 2, 4)
FORMATS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last_3d}
REPEATS = 4


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    arguments.add_argument("--quick", action="store_true")
    chosen = arguments.parse_args()
    prepare_process()
    torch.backends.cudnn.allow_tf32 = False
    device = choose_device(chosen.device)
    flops, shape = max(throughputs(device, chosen.quick))
    print(json.dumps({"flops_per_second": flops, "shape": shape}))


@torch.no_grad()
def throughputs(device: torch.device, quick: bool) -> Iterator[tuple[float, str]]:
    """Operations a second, and the shape."""
    shapes: Any = itertools.product(CHANNELS, SIZES, BATCHES, FORMATS)
    for (inputs, outputs), size, batch, order in list(shapes)[: 2 if quick else None]:
        memory = {"memory_format": FORMATS[order]}
        volume = torch.randn(batch, inputs, size, size, size, device=device).contiguous(**memory)
        kernel = torch.randn(outputs, inputs, 3, 3, 3, device=device).contiguous(**memory)
        best = min(_seconds(volume, kernel) for _ in range(REPEATS))
        name = f"{inputs} to {outputs} channels, {batch} x {size}^3, {order}"
        yield 2 * kernel.numel() * batch * size**3 / best, name


def _seconds(volume: torch.Tensor, kernel: torch.Tensor) -> float:
    return seconds_of(lambda: torch.conv3d(volume, kernel, padding=1), volume.device)


if __name__ == "__main__":
    main()
