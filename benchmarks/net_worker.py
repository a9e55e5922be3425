"""The process of a case, seen from the benchmark that starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.net_cases import Case
from benchmarks.net_meter import available_bytes
from napari_hyperseg.jobs.threads import with_sleeping_threads


class Worker:
    """The process of a case, seen from outside.

    Parameters
    ----------
    case : Case
    module : str
        Run with ``--case``.
    """

    def __init__(self, case: Case, module: str) -> None:
        self.row: dict[str, Any] = case.describe()
        self.process: subprocess.Popen[str] | None = None
        available = available_bytes()
        if case.device == "cpu" and available is not None and case.expected_bytes > available:
            needed = f"needs about {case.expected_bytes / 1e9:.1f} GB"
            self.row["skipped"] = f"{needed}, {available / 1e9:.1f} GB are available"
            return
        command = [sys.executable, "-m", module, "--case", case.to_json()]
        pipe, env = subprocess.PIPE, with_sleeping_threads(os.environ)
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=env)
        self.row |= self._hear() or {"skipped": f"ended with status {self.process.wait()}"}

    def step(self) -> float:
        """Seconds of another training step."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._hear()

    def close(self) -> dict[str, Any]:
        """End the process; return the row."""
        if self.process is not None:
            self.process.communicate()
        return self.row

    def _hear(self) -> Any:
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line else None
