"""What `benchmarks.accuracy --json` printed, of one run or several.

Also what it told while it ran, a row a line (``.jsonl``): a run ended early has that alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

Row = dict[str, Any]


def read_rows(paths: Iterable[Path]) -> list[Row]:
    """Return the rows of all runs; each method's last row of a case is its result."""
    return [row for path in paths for row in _rows_of(path)]


def _rows_of(path: Path) -> list[Row]:
    text = path.read_text()
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    rows: list[Row] = json.loads(text)["rows"]
    return rows


def by_seed(rows: Iterable[Row], figure: str) -> dict[tuple[str, str, str], dict[int, float]]:
    """Return a figure of each result, by method, labels and case, then by seed."""
    found: dict[tuple[str, str, str], dict[int, float]] = {}
    for row in rows:
        if figure in row:
            place = row["method"], row["labels"], row["case"]
            found.setdefault(place, {})[row["seed"]] = row[figure]  # the last one counts
    return found


def in_words(values: Sequence[float]) -> str:
    """Mean of a figure over seeds, and its range where it has one."""
    shown = f"{mean(values):.3f}"
    least, most = f"{min(values):.3f}", f"{max(values):.3f}"
    return shown if least == most else f"{shown} ({least} to {most})"
