"""OpendTect's horizon text: comments that name the columns, rows, 1e30 where undefined.

Source: what OpendTect's horizon export writes, either ``# "X" "Y" "Inline" "Z"`` in one
comment or ``# 1: Inline`` in one for each column, then ``# - - - - -``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from napari_hyperseg.survey.horizon_files.content import PickTable
from napari_hyperseg.survey.horizon_files.rows import read_rows
from napari_hyperseg.survey.horizon_files.text import read_head

NAME = "OpendTect"
_NUMBERED = re.compile(r"^#\s*(\d+):[ \t]*(\S.*?)\s*$", re.MULTILINE)
_QUOTED = re.compile(r'^#[ \t]*("[^"\n]*"[ \t]*)+$', re.MULTILINE)


def recognises(head: str) -> bool:
    """Comments at the top name the columns."""
    return bool(_names(head))


def read(path: Path) -> PickTable:
    """Read the rows; the comments name their columns."""
    table = read_rows(path)
    names = _names(read_head(path))
    return replace(table, names=names if len(names) == table.values.shape[1] else ())


def _names(head: str) -> tuple[str, ...]:
    numbered = _NUMBERED.findall(head)
    if numbered and [int(number) for number, _ in numbered] == list(range(1, len(numbered) + 1)):
        return tuple(name for _, name in numbered)
    quoted = _QUOTED.search(head)
    return tuple(re.findall(r'"([^"\n]*)"', quoted.group())) if quoted else ()
