"""What a person waits for at the window: stamps of the brush, timers, undo, time slices.

A real napari window with the dock, on a virtual display of its own, over cubes of 512 x 512 x 512
and 1000 x 1000 x 1500 samples (bytes) with labels on a few lines.  The mouse is moved as Qt moves
it; a move is the time from the event to its return, with all that listens to it, and a stamp is
its share of that.  Everything is measured alone and beside a worker that trains and predicts what
is shown.

``python -m benchmarks.window [--json] [--screen] [--quick] [--folder DIR]``
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import report

SHAPES = {"512^3": (512, 512, 512), "1000 x 1000 x 1500": (1000, 1000, 1500)}
QUICK = {"64^3": (64, 64, 64)}
STAMP_BAR_MS, LATENESS_BAR_MS = 5.0, 16.0
XVFB = ("xvfb-run", "-a", "-s", "-screen 0 1600x1000x24")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--screen", action="store_true", help="use the display that there is")
    arguments.add_argument("--quick", action="store_true", help="a small cube, a few seconds")
    arguments.add_argument("--folder", type=Path, help="where the cubes are made: 2 GB")
    chosen = arguments.parse_args()
    if not chosen.screen and sys.platform.startswith("linux"):
        raise SystemExit(on_virtual_display())
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        rows = list(run(Path(folder), quick=chosen.quick))
    report(rows, as_json=chosen.json)


def on_virtual_display() -> int:
    """Run this program again on a screen that nobody sees."""
    if shutil.which(XVFB[0]) is None:
        raise SystemExit("There is no xvfb-run: install Xvfb, or use --screen.")
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    command = [*XVFB, sys.executable, "-m", "benchmarks.window", "--screen", *sys.argv[1:]]
    return subprocess.run(command, env=environment | {"QT_QPA_PLATFORM": "xcb"}).returncode


def run(folder: Path, *, quick: bool) -> Iterator[dict[str, Any]]:
    """All cases, size by size."""
    from benchmarks.window_session import WindowSession
    from benchmarks.window_strokes import Brush

    seconds, strokes = (1.0, 1) if quick else (15.0, 6)
    for size, shape in (QUICK if quick else SHAPES).items():
        with WindowSession(folder / size, shape) as session:
            brush = Brush(session)
            for beside in ("alone", "training"):
                if beside == "training":
                    session.train()
                yield from stamps(brush, f"{size}, {beside}", strokes)
                yield lateness(session, f"idle, {size}, {beside}", seconds)
                yield lateness(session, f"moving, {size}, {beside}", seconds, moving=True)
            session.stop()
            yield from slices(session, size)
            yield from undo(session, size)
        shutil.rmtree(folder / size)


def stamps(brush: Any, case: str, strokes: int) -> Iterator[dict[str, Any]]:
    """Time of a stamp, of a move and from release to the journal, on each kind of section."""
    from napari_hyperseg.viewer.sections import Section

    for section in Section:
        spent = brush.strokes(section, strokes)
        name = section.name.lower().replace("_", " ")
        row = figures(f"stamp, {name}, {case}", spent.stamps, STAMP_BAR_MS)
        yield row | {"n": len(spent.stamps)}
        row = figures(f"move, {name}, {case}", spent.moves)
        yield row | {"drawn_p95_ms": _percentile(spent.drawn, 95), "n": len(spent.moves)}
        yield figures(f"release, {name}, {case}", spent.releases)


def lateness(session: Any, case: str, seconds: float, *, moving: bool = False) -> dict[str, Any]:
    """How late a timer of 10 ms is."""
    return figures(f"timer, {case}", session.lateness(seconds, moving=moving), LATENESS_BAR_MS)


def slices(session: Any, size: str) -> Iterator[dict[str, Any]]:
    """A move to another time slice, and what its labels cost, where the traces are known."""
    for known in (True, False):
        moves, reads = session.time_slices(10 if known else 3, known=known)
        case = f"{size}, traces with labels {'known' if known else 'unknown'}"
        yield figures(f"time slice, {case}", moves)
        yield figures(f"its labels, {case}", reads)


def undo(session: Any, size: str) -> Iterator[dict[str, Any]]:
    """Undo and redo of an edit of many sections."""
    voxels, undone, redone = session.undo()
    yield figures(f"undo of {voxels / 1e6:.0f} million voxels, {size}", undone)
    yield figures(f"redo of {voxels / 1e6:.0f} million voxels, {size}", redone)


def figures(case: str, spent_s: list[float], bar_ms: float | None = None) -> dict[str, Any]:
    """A row: percentiles in milliseconds, and the bar where there is one."""
    row = {"case": case, **{f"p{p}_ms": _percentile(spent_s, p) for p in (50, 95, 99)}}
    return row | ({} if bar_ms is None else {"p95_bar_ms": bar_ms})


def _percentile(spent_s: list[float], p: int) -> float:
    return float(np.percentile(spent_s, p)) * 1000


if __name__ == "__main__":
    main()
