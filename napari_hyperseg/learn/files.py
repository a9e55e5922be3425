"""Files replaced as a whole: written beside, synced, renamed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors.torch import save
from torch import Tensor

from napari_hyperseg.survey.replacing import replacing


def replace_json(path: Path, content: Any) -> None:
    """Write JSON; a reader sees the old file or the new one, never a part."""
    replace_bytes(path, json.dumps(content, indent=1).encode() + b"\n")


def replace_tensors(
    path: Path, tensors: dict[str, Tensor], metadata: dict[str, str] | None = None
) -> None:
    """Write a safetensors file in the same way."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    replace_bytes(path, save(plain, metadata))


def replace_bytes(path: Path, content: bytes) -> None:
    """Write beside, sync, rename; the folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as beside:
        beside.write_bytes(content)
