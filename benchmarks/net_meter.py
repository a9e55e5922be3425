"""How much memory a step takes and how long: peaks above what the process held before.

On Linux the kernel's own record of the peak (VmHWM) is exact and can be reset; elsewhere the
largest resident size since the start serves, which is the same as long as cases grow.  On a
GPU it is the allocator's record.
"""

from __future__ import annotations

import ctypes
import gc
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_PROBE_BYTES = 64 * 2**20


class PeakMeter:
    """Peak memory above that at the time of its creation.

    Parameters
    ----------
    device : torch.device
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.kind = _kind(device)
        give_back()
        self.base = self._now()

    def peak_of(self, run: Callable[[], object]) -> int:
        """Bytes held at most during `run`."""
        give_back()
        if self.kind == "VmHWM":
            _CLEAR.write_text("5")
        elif self.kind == "cuda":
            torch.cuda.reset_peak_memory_stats(self.device)
        run()
        return self._peak() - self.base

    def _now(self) -> int:
        if self.kind == "cuda":
            return torch.cuda.memory_allocated(self.device)
        return _status("VmRSS") if self.kind == "VmHWM" else _largest_resident()

    def _peak(self) -> int:
        if self.kind == "cuda":
            return torch.cuda.max_memory_allocated(self.device)
        return _status("VmHWM") if self.kind == "VmHWM" else _largest_resident()


def seconds_of(run: Callable[[], object], device: torch.device) -> float:
    """Wall-clock time of `run`, until the device has done it."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    began = time.perf_counter()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - began


def give_back() -> None:
    """Return memory that is free to the system, so that no case lives off another's."""
    gc.collect()
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


def frees_at_once(size_bytes: int) -> bool | None:
    """Tell whether a tensor's memory goes back to the system when it is dropped."""
    if not _STATUS.exists():
        return None
    before, size_bytes = _status("VmRSS"), min(size_bytes, _PROBE_BYTES)
    torch.ones(size_bytes // 4)
    return _status("VmRSS") - before < size_bytes // 2


def available_bytes() -> int | None:
    """Memory that the system could give, where it says so."""
    path = Path("/proc/meminfo")
    return _entry(path, "MemAvailable") if path.exists() else None


def _kind(device: torch.device) -> str:
    if device.type == "cuda":
        return "cuda"
    try:
        _CLEAR.write_text("5")
    except OSError:
        return "ru_maxrss"
    return "VmHWM"


def _status(name: str) -> int:
    return _entry(_STATUS, name)


def _entry(path: Path, name: str) -> int:
    line = next(line for line in path.read_text().splitlines() if line.startswith(name + ":"))
    return 1024 * int(line.split()[1])


def _largest_resident() -> int:
    import resource  # not on Windows

    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
