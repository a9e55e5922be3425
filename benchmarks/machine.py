"""What a benchmark ran on, and how its result is printed."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import torch


def describe_machine() -> dict[str, Any]:
    """Name processor, cores, memory, GPU and versions."""
    gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else None
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "gpu": gpu,
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def report(rows: list[dict[str, Any]], *, as_json: bool, **facts: Any) -> None:
    """Print the machine, facts and a row per case, as JSON or as a Markdown table.

    JSON has a row a line, so that results which are kept can be compared.
    """
    machine = describe_machine()
    if as_json:
        head = json.dumps({"machine": machine, **facts})
        told = ",\n".join(json.dumps(_rounded(row)) for row in rows)
        print(f'{head[:-1]}, "rows": [\n{told}\n]}}')
        return
    _head(machine, facts)
    _table(rows)


def report_tables(tables: dict[str, list[dict[str, Any]]], *, as_json: bool, **facts: Any) -> None:
    """Print the same for several tables, each under its name."""
    machine = describe_machine()
    if as_json:
        print(json.dumps({"machine": machine, **facts, "tables": tables}))
        return
    _head(machine, facts)
    for name, rows in tables.items():
        print(f"\n{name}\n")
        _table(rows)


def _head(machine: dict[str, Any], facts: dict[str, Any]) -> None:
    print(", ".join(f"{key} {value}" for key, value in machine.items() if value is not None))
    for key, value in facts.items():
        print(f"{key}: {value}")


def _table(rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    print("| " + " | ".join(names) + " |")
    print("|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(_shown(row.get(name)) for name in names) + " |")


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """To six digits."""
    return {
        name: float(f"{value:.6g}") if isinstance(value, float) else value
        for name, value in row.items()
    }


def _processor() -> str:
    """Name it; with its present clock where the name, as on a virtual machine, leaves that out."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    pairs = (line.partition(":") for line in lines)
    facts = {name.strip(): value.strip() for name, _, value in pairs}
    name = facts.get("model name") or platform.processor() or platform.machine()
    if "Hz" in name or "cpu MHz" not in facts:
        return name
    return f"{name} at {float(facts['cpu MHz']) / 1000:.1f} GHz"
