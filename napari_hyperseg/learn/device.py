"""Where to compute, how fast, and how much fits."""

from __future__ import annotations

import ctypes
import platform

import torch

from napari_hyperseg.errors import JobError

STATES_IN_TRAINING = 24  # peak memory of a step, in states (measured, whole volumes, any depth)
STATES_IN_PREDICTION = 10
SHARE_OF_MEMORY = 0.6
CPU_BLOCK_TRACES = 8 * 16  # many small steps learn faster than few large ones
CPU_BLOCK_HEIGHT = 256  # in samples, at most
BLOCKS_IN_BATCH = 2
CPU_PREDICTION_VOXELS = 192_000

LARGEST_REUSED = 20 * 2**20  # bytes of a tensor whose memory stays with the process
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h of the GNU C library


def choose_device(wanted: str) -> torch.device:
    """Turn "auto", "cpu" or "cuda" into a device.

    Raises
    ------
    JobError
        If a GPU is asked for and there is none.
    """
    if wanted == "cuda" and not torch.cuda.is_available():
        raise JobError("No CUDA device is available. Choose device 'auto' or 'cpu'.")
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


def prepare_process(threads: int | None = None) -> None:
    """Make this process a good place to compute in.

    Denormal numbers cost a factor of five on a CPU.  Freed scratch stays with the process:
    giving it back after each operation costs about as much as the operation.  Freed states
    go back to the system at once, so that none is left over in a hole between others.
    """
    torch.set_flush_denormal(True)
    if threads is not None:
        torch.set_num_threads(threads)
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, LARGEST_REUSED)
        libc.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)


def training_voxels(device: torch.device, width: int, height: int) -> int:
    """Voxels of a batch for a training step: what fits on a GPU, what is quick on a CPU.

    Parameters
    ----------
    device : torch.device
    width : int
        Channels of the network's state at full resolution.
    height : int
        Samples in a trace.
    """
    on_cpu = BLOCKS_IN_BATCH * CPU_BLOCK_TRACES * min(height, CPU_BLOCK_HEIGHT)
    return _voxels(device, width, STATES_IN_TRAINING, on_cpu)


def prediction_voxels(device: torch.device, width: int) -> int:
    """Voxels of a block that a prediction can hold."""
    return _voxels(device, width, STATES_IN_PREDICTION, CPU_PREDICTION_VOXELS)


def _voxels(device: torch.device, width: int, states: int, on_cpu: int) -> int:
    if device.type == "cpu":
        return on_cpu
    free, _ = torch.cuda.mem_get_info(device)
    return int(SHARE_OF_MEMORY * free / (states * width * 4))
