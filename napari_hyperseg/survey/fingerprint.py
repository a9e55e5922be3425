"""Name files by their content, quickly."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(path: Path) -> str:
    """Name a file by its content: a hash of its size, head, middle and tail.

    Reads 192 KiB at most, whatever the size of the file.
    """
    size, part = path.stat().st_size, 1 << 16
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for start in (0, max(0, size // 2), max(0, size - part)):
            file.seek(start)
            digest.update(file.read(part))
    return digest.hexdigest()[:32]
