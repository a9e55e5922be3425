"""Opening, cutting and converting SEG-Y, beside segyio and a plain copy, in one run.

Files of 400 x 500 traces of 512 samples, IEEE and IBM floats, are generated.  Opening is timed
in turns with ``segyio.open`` and reads of the same header fields, with the file in memory and
after asking the system to forget it; sections are cut at random places; a conversion is timed
in turns with a plain copy of the file, and its memory is that of a process of its own.
``--huge 40`` also opens a sparse file of 40 GB.

``python -m benchmarks.survey_io [--json] [--folder DIR] [--huge GB]``
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import segyio

from benchmarks.machine import report
from benchmarks.survey_files import make_cube, make_sparse
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.survey.survey import Survey, Volume

SHAPE = (400, 500, 512)
ROUNDS, SECTIONS = 5, 60
FIELDS = (71, 109, 181, 185, 189, 193, 215)  # what a geometry with coordinates needs
MEMORY = """
import sys
from pathlib import Path
from benchmarks.survey_io import {task}
before, after = {task}(*map(Path, sys.argv[1:]))
print(before, after)
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--folder", type=Path, help="where the files are made")
    arguments.add_argument("--huge", type=float, metavar="GB", help="also open a sparse file")
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        rows = list(run(Path(folder), chosen.huge))
    report(rows, as_json=chosen.json)


def run(folder: Path, huge: float | None) -> list[dict[str, Any]]:
    """All cases."""
    rows: list[dict[str, Any]] = []
    for kind in ("IEEE", "IBM"):
        path = make_cube(folder / f"{kind}.sgy", SHAPE, kind)
        rows += [opening(path, kind, cold) for cold in (False, True)]
        survey = open_survey(path)
        rows += slices(survey.volume, f"{kind} SEG-Y")
        rows.append(conversion(survey, kind, folder))
        store = _store(survey, folder / f"{kind}.zarr")
        rows += slices(store.volumes()[0], f"{kind} converted")
        shutil.rmtree(store.folder)
        if kind == "IEEE":
            rows += slices(_Segyio(path), "segyio, memory-mapped")
        path.unlink()
    if huge:
        rows.append(opening_huge(make_sparse(folder / "huge.sgy", huge)))
    return rows


def opening(path: Path, kind: str, cold: bool) -> dict[str, Any]:
    """Seconds to open, in turns."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        for seconds, opener in ((ours, open_survey), (theirs, open_with_segyio)):
            if cold:
                forget(path)
            seconds.append(timed(lambda opener=opener: opener(path)))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return {
        "case": f"open {kind}, {'cold' if cold else 'warm'}",
        "seconds": statistics.median(ours),
        "segyio_seconds": statistics.median(theirs),
        "times_segyio": ratio,
    }


def open_with_segyio(path: Path) -> None:
    """The same fields of all traces, read one after the other."""
    with segyio.open(path) as file:
        for byte in FIELDS:
            file.attributes(byte)[:]


def slices(volume: Volume, name: str) -> list[dict[str, Any]]:
    """Milliseconds to cut a section, in each direction, with the file in memory."""
    rng = np.random.default_rng(0)
    rows = []
    for axis, direction in enumerate(("inline", "crossline", "time slice")):
        places = rng.integers(0, volume.shape[axis], SECTIONS)
        keys = [(slice(None),) * axis + (int(place),) for place in places]
        for key in keys:
            volume[key]
        spent = [1000 * timed(lambda key=key: volume[key]) for key in keys]
        rows.append(
            {
                "case": f"{direction}, {name}",
                "p50_ms": float(np.percentile(spent, 50)),
                "p95_ms": float(np.percentile(spent, 95)),
            }
        )
    return rows


def conversion(survey: Survey, kind: str, folder: Path) -> dict[str, Any]:
    """Seconds to convert, in turns with a plain copy; memory of a process that does it."""
    path, ours, copies = survey.source.path, [], []
    for _ in range(ROUNDS):
        target = folder / "copy"
        copies.append(timed(lambda target=target: copy_file(path, target)))
        target.unlink()
        store = VolumeStore.of(folder / "converted.zarr", survey.volume, survey.source)
        ours.append(timed(lambda store=store: convert(survey.volume, store)))
        shutil.rmtree(store.folder)
    before, after = in_own_process("convert_alone", path, folder / "alone.zarr")
    shutil.rmtree(folder / "alone.zarr")
    return {
        "case": f"convert {kind}",
        "seconds": statistics.median(ours),
        "copy_seconds": statistics.median(copies),
        "times_copy": statistics.median(a / b for a, b in zip(ours, copies, strict=True)),
        "peak_mb": after,
        "peak_above_start_mb": after - before,
    }


def opening_huge(path: Path) -> dict[str, Any]:
    """Seconds and memory to open a file larger than memory."""
    began = time.perf_counter()
    before, after = in_own_process("open_alone", path)
    row = {"case": f"open {path.stat().st_size / 1e9:.0f} GB sparse", "peak_mb": after}
    return row | {"seconds": time.perf_counter() - began, "peak_above_start_mb": after - before}


def convert_alone(path: Path, folder: Path) -> tuple[float, float]:
    """Convert a file; peak memory before and after, in MB."""
    before = peak_mb()
    _store(open_survey(path), folder)
    return before, peak_mb()


def open_alone(path: Path) -> tuple[float, float]:
    """Open a file and cut a section; peak memory before and after, in MB."""
    before = peak_mb()
    survey = open_survey(path)
    np.asarray(survey.volume[0, :, :100])
    return before, peak_mb()


def in_own_process(task: str, *paths: Path) -> tuple[float, float]:
    """What a function of this module returns in a new process."""
    command = [sys.executable, "-c", MEMORY.format(task=task), *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    before, after = map(float, done.stdout.split())
    return before, after


def peak_mb() -> float:
    """Largest resident memory of this process so far, mapped files in it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1000
    return float("nan")


def copy_file(source: Path, target: Path) -> None:
    """Copy a file through memory, and wait until it is on disk, as a conversion does."""
    with source.open("rb") as reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 24)
        writer.flush()
        os.fsync(writer.fileno())


def forget(path: Path) -> None:
    """Ask the system to drop a file from memory."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def timed(task: Callable[[], Any]) -> float:
    """Seconds that a task takes."""
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


class _Segyio:
    """Sections as segyio reads them."""

    def __init__(self, path: Path) -> None:
        self._file = segyio.open(path)
        self._file.mmap()
        self.shape = (len(self._file.ilines), len(self._file.xlines), len(self._file.samples))
        self.dtype = self._file.dtype

    def __getitem__(self, key: Any) -> Any:
        axis, at = len(key) - 1, key[-1]
        if axis == 0:
            return self._file.iline[self._file.ilines[at]]
        if axis == 1:
            return self._file.xline[self._file.xlines[at]]
        return self._file.depth_slice[at]


def _store(survey: Survey, folder: Path) -> VolumeStore:
    store = VolumeStore.of(folder, survey.volume, survey.source)
    convert(survey.volume, store)
    return store


if __name__ == "__main__":
    main()
