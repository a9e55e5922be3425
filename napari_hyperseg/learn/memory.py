"""How much memory there is, and whether an error means that there was too little."""

from __future__ import annotations

from pathlib import Path

import psutil
import torch

from napari_hyperseg.errors import HypersegError

_CGROUP = Path("/sys/fs/cgroup")
_LIMIT, _USED = "memory.max", "memory.current"


def free_bytes(device: torch.device) -> int:
    """Bytes that a computation on a device can take.

    On a CPU what the system has available, or what is left of a container's limit.
    """
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        reserved = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return free + reserved
    return min(psutil.virtual_memory().available, _left_in_container())


def is_out_of_memory(error: BaseException) -> bool:
    """Tell torch's several ways of saying that memory is short from other errors."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    if isinstance(error, HypersegError):  # which tells that nothing more can be done
        return False
    text = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "can't allocate memory" in text or "not enough memory" in text or "out of memory" in text
    )


def _left_in_container() -> float:
    try:
        limit = (_CGROUP / _LIMIT).read_text(encoding="ascii").strip()
        used = (_CGROUP / _USED).read_text(encoding="ascii").strip()
        return float(limit) - float(used)  # "max" where there is no limit
    except (OSError, ValueError):
        return float("inf")
