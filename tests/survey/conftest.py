"""SEG-Y files of every kind, written by segyio rather than by the code under test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import segyio
from segy_making import address

MakeSegy = Callable[..., Path]
TABLE = pytest.StashKey[list[tuple[str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the table of files and their outcomes."""
    config.stash[TABLE] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print it."""
    table = terminalreporter.config.stash[TABLE]
    if table:
        terminalreporter.section("difficult SEG-Y files")
        width = max(len(name) for name, _ in table)
        for name, outcome in sorted(table):
            terminalreporter.write_line(f"{name:{width}}  {outcome}")


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Note a file and its outcome for the table at the end of the tests' output."""
    table = request.config.stash[TABLE]
    return lambda name, outcome: table.append((name, outcome))


@pytest.fixture
def make_segy(tmp_path: Path) -> MakeSegy:
    """Write traces at (inline, crossline) positions, in the order given."""

    def make(
        positions: Sequence[tuple[int, int]],
        *,
        traces: Sequence[np.ndarray] | None = None,
        format_code: int = 5,
        endian: str = "big",
        header_bytes: tuple[int, int] = (189, 193),
        fields: Callable[[int], dict[int, int]] = lambda trace: {},
        interval_us: int = 2000,
        name: str = "made.sgy",
    ) -> Path:
        traces = [address(*at) for at in positions] if traces is None else traces
        spec: Any = segyio.spec()
        spec.format, spec.endian, spec.tracecount = format_code, endian, len(positions)
        spec.samples = np.arange(len(traces[0]))
        with segyio.create(tmp_path / name, spec) as file:
            file.text[0] = segyio.tools.create_text_header({1: "MADE FOR A TEST"})
            file.bin.update(hdt=interval_us)
            for trace, (inline, crossline) in enumerate(positions):
                lines = dict(zip(header_bytes, (inline, crossline), strict=True))
                file.header[trace] = {29: 1} | lines | fields(trace)
                file.trace[trace] = np.asarray(traces[trace], file.dtype)
        return tmp_path / name

    return make
