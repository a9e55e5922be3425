"""Plain columns, with or without a header line: what every program exports.

Also the variant of Charisma that is ``inline crossline x y z`` without markers.
"""

from __future__ import annotations

from pathlib import Path

from napari_hyperseg.survey.horizon_files.content import PickTable
from napari_hyperseg.survey.horizon_files.rows import read_rows

NAME = "plain columns"


def recognises(head: str) -> bool:
    """Any text: this is the last format to be asked."""
    return bool(head)


def read(path: Path) -> PickTable:
    """Read rows of numbers; what the columns are is left to `guessing`."""
    return read_rows(path)
