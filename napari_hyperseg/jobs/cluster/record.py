"""Which blocks of a prediction are written: it goes on where it was stopped.

A file of lines beside the arrays.  A block is noted after it is written, so a block that is
noted is whole; one that is written and not noted is predicted again, which changes nothing.
"""

from __future__ import annotations

import json
from pathlib import Path

from napari_hyperseg.survey.geometry import Box

FILE = "blocks.jsonl"


class BlockRecord:
    """The record of one prediction store.

    Parameters
    ----------
    store : Path
        Folder of the prediction.
    job : str
        What is predicted, by what, from what: a digest.  The record of another job is not
        gone on with.

    Attributes
    ----------
    done : set of Box
        Blocks that are written.
    """

    def __init__(self, store: Path, job: str) -> None:
        self._path = store / FILE
        self._job = job
        self.done = self._read()

    def begin(self) -> None:
        """Start a new record, unless this job's is there already."""
        if not self.done:
            self._path.write_text(json.dumps({"job": self._job}) + "\n", "utf-8")

    def add(self, block: Box) -> None:
        """Note that a block is written."""
        self.done.add(block)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"block": block}) + "\n")

    def close(self) -> None:
        """All is written: the next prediction is a new one."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> set[Box]:
        try:
            first, *lines = self._path.read_text("utf-8", errors="replace").splitlines()
            if json.loads(first)["job"] != self._job:
                return set()
        except (OSError, ValueError, LookupError, TypeError):
            return set()
        return {block for line in lines if (block := _block(line)) is not None}


def _block(line: str) -> Box | None:
    """The block of a line; None if it was torn by the end of its writer."""
    try:
        (a, b), (c, d), (e, f) = json.loads(line)["block"]
        return (int(a), int(b)), (int(c), int(d)), (int(e), int(f))
    except (ValueError, LookupError, TypeError):
        return None
