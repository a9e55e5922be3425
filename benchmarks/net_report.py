"""Rows of a network benchmark, as JSON or as a table for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.machine import describe_machine

Row = dict[str, Any]
TITLES = {
    "case": "case",
    "mode": "mode",
    "layers": "layers",
    "size": "size",
    "channels": "channels",
    "hidden": "m",
    "parameters": "parameters",
    "peak_states": "training,\nstates",
    "inference_peak_states": "inference,\nstates",
    "predicted_states": "training,\npredicted",
    "predicted_inference_states": "inference,\npredicted",
    "peak_bytes": "training,\nGB",
    "analytic_bytes": "analytic,\nGB",
    "seconds_per_step": "seconds\na step",
    "spread": "spread",
    "ratio_to_autograd": "times\nautograd",
    "ratio_to_memcnn": "times\nmemcnn",
    "gflops_per_second": "GFLOP/s",
    "share_of_best_conv": "of best\nconvolution",
    "reconstruction_error": "reconstruction\nerror",
    "changed_to": "changed to",
}


MEMORY = frozenset(name for name in TITLES if name.endswith(("_states", "_bytes")))


def report(rows: list[Row], *, as_json: bool, hidden: Collection[str] = ()) -> None:
    """Print the machine and the rows; a table goes without the hidden columns."""
    machine = describe_machine()
    if as_json:
        print(json.dumps({"machine": machine, "rows": rows}))
        return
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(", ".join(f"{key} {value}" for key, value in machine.items()))
    measured = [row for row in rows if "skipped" not in row]
    if measured:
        console.print(_table(measured, hidden))
    for row in rows:
        if "skipped" in row:
            what = f"{row['case']}, {row['mode']}, {row['layers']} layers, {row['size']}^3"
            console.print(f"not measured: {what}: {row['skipped']}", highlight=False)


def tell(rows: Collection[Row]) -> None:
    """Write rows to standard error as soon as they are there: a run takes long."""
    for row in rows:
        sys.stderr.write(json.dumps(row) + "\n")


def _table(rows: list[Row], hidden: Collection[str]) -> Table:
    filled = {name for row in rows for name, value in row.items() if value is not None}
    names = [name for name in TITLES if name in filled and name not in hidden]
    table = Table(header_style="bold", pad_edge=False, box=SIMPLE)
    for name in names:
        justify = "left" if name in ("case", "mode") else "right"
        table.add_column(TITLES[name], justify=justify, no_wrap=True)
    group = None
    for row in rows:
        key = (row["case"], row["layers"], row["size"])
        if group not in (None, key):
            table.add_section()
        group = key
        table.add_row(*(_shown(name, row.get(name)) for name in names))
    return table


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("_bytes"):
        return f"{value / 1e9:.2f}"
    if name == "reconstruction_error":
        return f"{value:.0e}" if value else "0"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
