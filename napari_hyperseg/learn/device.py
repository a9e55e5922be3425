"""Where to compute, and what makes a process a good place for it."""

from __future__ import annotations

import ctypes
import platform

import torch

from napari_hyperseg.errors import JobError

LARGEST_REUSED = 4 * 2**20  # bytes of a tensor whose memory stays with the process
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
