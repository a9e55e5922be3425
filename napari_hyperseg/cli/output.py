"""What commands print: JSON or tables on standard output, everything else on standard error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object, and nothing else, on standard output."""
    print(json.dumps(value, indent=2, allow_nan=False, default=_plain))


def stderr_console() -> Console:
    """Return a console on standard error, where progress and remarks go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def remark(message: str) -> None:
    """Print something the user should know on standard error."""
    stderr_console().print(message, soft_wrap=True, markup=False)


def warn(message: str) -> None:
    """Print a warning on standard error, if there is any."""
    if message:
        remark(f"Warning: {message}")


def print_facts(facts: Mapping[str, str]) -> None:
    """Print names and values in two columns."""
    width = max(map(len, facts))
    for name, value in facts.items():
        print(f"{name:<{width}}  {value}")


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; the columns after the first are figures, to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(header):
        table.add_column(name, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def print_columns(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns to the left, as wide as they have to be: nothing is cut off or broken."""
    lines = [tuple(header), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def figure(value: float | None, digits: int = 3) -> str:
    """Write a figure, or a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def _plain(value: Any) -> Any:
    """Paths are text; numpy scalars are numbers."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)
