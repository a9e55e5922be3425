"""The index of a SEG-Y file on disk, so that its headers are read once.

A cache: what cannot be read or belongs to another file is made again, and nothing is lost.
"""

from __future__ import annotations

import json
import logging
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.segy.indexing import SegyIndex
from napari_hyperseg.survey.segy.reading import Reading

logger = logging.getLogger(__name__)

VERSION = 2
UNREADABLE = (OSError, ValueError, KeyError, TypeError, SurveyError, zipfile.BadZipFile, EOFError)


def load_index(path: Path, fingerprint: str, reading: Reading) -> SegyIndex | None:
    """Read an index; None if there is none of that content, read as is said.

    Parameters
    ----------
    path : Path
    fingerprint : str
        Of the SEG-Y file.
    reading : Reading
        What the user says of it.
    """
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            said = json.loads(bytes(arrays["said"]))
            if (said["version"], said["fingerprint"]) != (VERSION, fingerprint):
                return None
            found = _reading(said["reading"])
            return _unpack(arrays, said, found) if reading.agrees_with(found) else None
    except UNREADABLE as error:
        logger.info("%s is made again: %s", path, error)
        return None


def save_index(path: Path, fingerprint: str, index: SegyIndex) -> None:
    """Keep an index for the next time; a folder that cannot be written is no error."""
    geometry = index.geometry
    said = {
        "version": VERSION,
        "fingerprint": fingerprint,
        "reading": index.reading.to_json(),
        "warnings": index.warnings,
        "vertical": [geometry.n_samples, geometry.start_ms, geometry.sample_interval_ms],
    }
    arrays: dict[str, NDArray[Any]] = {
        "said": np.frombuffer(json.dumps(said).encode(), np.uint8),
        "inlines": geometry.inlines,
        "crosslines": geometry.crosslines,
        "trace_maps": np.stack([_narrowed(found) for found in index.trace_maps]),
    }
    if geometry.to_xy is not None:
        arrays["to_xy"] = geometry.to_xy
    if geometry.line_xy is not None:
        arrays["line_xy"] = geometry.line_xy
    if index.shifts is not None:
        arrays["shifts"] = index.shifts
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside, beside.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
    except OSError as error:
        logger.info("%s cannot be written: %s", path, error)


def _unpack(arrays: Any, said: dict[str, Any], reading: Reading) -> SegyIndex:
    maps = tuple(found.astype(np.int64) for found in arrays["trace_maps"])
    live = maps[0] >= 0
    n_samples, start_ms, interval_ms = said["vertical"]
    geometry = Geometry(
        inlines=arrays["inlines"],
        crosslines=arrays["crosslines"],
        n_samples=int(n_samples),
        start_ms=float(start_ms),
        sample_interval_ms=float(interval_ms),
        domain=reading.domain or "time",
        length_unit=reading.length_unit or "m",
        live=None if live.all() else live,
        to_xy=arrays.get("to_xy"),
        line_xy=arrays.get("line_xy"),
    )
    return SegyIndex(reading, geometry, maps, arrays.get("shifts"), tuple(said["warnings"]))


def _reading(said: dict[str, Any]) -> Reading:
    pairs: dict[str, Any] = {name: tuple(said[name]) for name in ("lines", "xy") if name in said}
    return Reading(**(said | pairs))


def _narrowed(trace_map: NDArray[np.int64]) -> NDArray[Any]:
    fits = trace_map.max() < np.iinfo(np.int32).max
    return trace_map.astype(np.int32) if fits else trace_map
