"""How a network is run, whatever it is: mode, precision, room for scratch."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch

from napari_hyperseg.net.arithmetic import CPU_SCRATCH, CPU_SCRATCH_INFERENCE, MIB, Arithmetic
from napari_hyperseg.net.grid import GRID_STEP, Grid
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.storage import Floats

GPU_SCRATCH = 256 * MIB  # enough rows for a GPU to be busy
PRECISIONS = {"float32": None, "tf32": None, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Execution:
    """How to run a network.

    Parameters
    ----------
    mode : Mode or str
        See `Mode.parse`.
    precision : {"float32", "tf32", "bf16", "fp16"}
        Of the convolutions; the states keep that of the data.  Autocast goes before it.
    scratch_bytes : int, optional
        Room for what a layer needs beside the states; by default what suits the device.
    grid_step : float
        Of the states in exact mode, a power of two.
    """

    mode: Mode | str = "reversible"
    precision: str = "float32"
    scratch_bytes: int | None = None
    grid_step: float = GRID_STEP

    def __post_init__(self) -> None:
        if isinstance(self.mode, str):
            object.__setattr__(self, "mode", Mode.parse(self.mode))
        if self.precision not in PRECISIONS:
            raise ValueError(
                f"Precision {self.precision!r} is unknown. Choose one of {', '.join(PRECISIONS)}."
            )

        if self.grid_step <= 0 or math.frexp(self.grid_step)[0] != 0.5:
            raise ValueError(f"A grid step of {self.grid_step} is no power of two. Try 2**-14.")
        if self.scratch_bytes is not None and self.scratch_bytes < 1:
            raise ValueError(f"{self.scratch_bytes} bytes of scratch are too few: 1 or more.")

    def arithmetic(self, mode: Mode, device: torch.device, training: bool = True) -> Arithmetic:
        """What the steps need to know, in a mode and on a device, with or without gradients."""
        kind = device.type
        storage = Grid(self.grid_step) if mode.kind == "exact" else Floats()
        autocast = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else None
        how = Arithmetic(
            storage=storage,
            scratch_bytes=self.scratch_bytes or usual_scratch(device),
            convolution_dtype=autocast or PRECISIONS[self.precision],
            device=device,
            tf32=self.precision == "tf32",
            training=training,
        )
        if self.scratch_bytes is None and kind == "cpu" and how.hidden_alone:
            return replace(how, scratch_bytes=CPU_SCRATCH_INFERENCE)
        return how


def usual_scratch(device: torch.device) -> int:
    """Bytes of scratch that suit training on a device."""
    return CPU_SCRATCH if device.type == "cpu" else GPU_SCRATCH
