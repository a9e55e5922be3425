"""What of a store is done: a line for each shard, with the checksum of its file.

Shards are checked against it before they count again, so neither need be on disk at once; a
half-written last line does not count.
"""

from __future__ import annotations

import json
from pathlib import Path

from napari_hyperseg.survey.store.layout import Extent

NAME = "shards.jsonl"


def read_journal(folder: Path) -> dict[Extent, int]:
    """Checksums of the shards that were written, by shard."""
    done: dict[Extent, int] = {}
    try:
        lines = (folder / NAME).read_text("ascii").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return done
    for line in lines:
        try:
            i, j, k, checksum = json.loads(line)
            done[int(i), int(j), int(k)] = int(checksum)
        except (ValueError, TypeError):  # cut off when it was written
            continue
    return done


def append_to_journal(folder: Path, shard: Extent, checksum: int) -> None:
    """Note a shard that was written."""
    with (folder / NAME).open("a", encoding="ascii") as file:
        file.write(json.dumps([*shard, checksum]) + "\n")
