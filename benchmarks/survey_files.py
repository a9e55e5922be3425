"""SEG-Y files for benchmarks, written quickly."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.segy.text import numbered_lines, write_text

FIELDS = {
    "scalar": (71, ">i2"), "n_samples": (115, ">u2"), "interval_us": (117, ">i2"),
    "x": (181, ">i4"), "y": (185, ">i4"), "inline": (189, ">i4"), "crossline": (193, ">i4"),
}  # fmt: skip
HEADER = np.dtype(
    {
        "names": list(FIELDS),
        "formats": [kind for _, kind in FIELDS.values()],
        "offsets": [byte - 1 for byte, _ in FIELDS.values()],
        "itemsize": 240,
    }
)
CODES = {"IBM": 1, "IEEE": 5, "INT8": 8}


def make_cube(path: Path, shape: tuple[int, int, int], kind: str) -> Path:
    """A cube of noise as IEEE or IBM floats or bytes, sorted by inlines."""
    rng = np.random.default_rng(0)
    n_inlines, n_crosslines, n_samples = shape
    with path.open("wb") as file:
        file.write(_file_header(n_samples, CODES[kind]))
        for inline in range(n_inlines):
            stored = "i1" if kind == "INT8" else ">u4"
            traces = np.zeros(n_crosslines, [("header", HEADER), ("samples", stored, n_samples)])
            traces["header"] = _headers(inline, n_crosslines, n_samples)
            samples = rng.standard_normal((n_crosslines, n_samples), np.float32)
            traces["samples"] = _STORED[kind](samples)
            file.write(traces.tobytes())
    return path


def make_sparse(path: Path, gigabytes: float, n_samples: int = 16_000) -> Path:
    """A file of which only the headers take room on disk."""
    trace = 240 + 4 * n_samples
    n_crosslines = 1000
    n_inlines = int(gigabytes * 1e9 / trace / n_crosslines)
    with path.open("wb") as file:
        file.write(_file_header(n_samples, CODES["IEEE"]))
        for inline in range(n_inlines):
            headers = _headers(inline, n_crosslines, n_samples)
            for crossline in range(n_crosslines):
                at = 3600 + trace * (inline * n_crosslines + crossline)
                os.pwrite(file.fileno(), headers[crossline].tobytes(), at)
        file.truncate(3600 + trace * n_inlines * n_crosslines)
    return path


def _file_header(n_samples: int, code: int) -> bytes:
    binary = bytearray(400)
    for byte, value in ((17, 4000), (21, n_samples), (25, code), (55, 1)):
        binary[byte - 1 : byte + 1] = value.to_bytes(2, "big")
    return write_text(numbered_lines(["MADE FOR A BENCHMARK"])) + bytes(binary)


def _headers(inline: int, n_crosslines: int, n_samples: int) -> NDArray[np.void]:
    headers = np.zeros(n_crosslines, HEADER)
    crosslines = np.arange(n_crosslines)
    headers["scalar"], headers["n_samples"], headers["interval_us"] = -10, n_samples, 4000
    headers["inline"], headers["crossline"] = 1000 + inline, 2000 + crosslines
    headers["x"], headers["y"] = 125 * inline + 30 * crosslines, 125 * crosslines - 30 * inline
    return headers


def _ibm(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    """IEEE to IBM floats; the smallest become zero."""
    mantissa, exponent = np.frexp(values.astype(np.float64))
    shift = -exponent % 4  # to a power of 16
    power = (exponent + shift) // 4
    digits = np.rint(np.abs(mantissa) * np.exp2(24.0 - shift)).astype(np.uint32)
    words = (power + 64).astype(np.uint32) << 24 | digits
    words |= np.signbit(values).astype(np.uint32) << 31
    return np.where(values == 0, np.uint32(0), words)


_STORED: dict[str, Callable[[NDArray[np.float32]], NDArray]] = {
    "IBM": _ibm,
    "IEEE": lambda samples: samples.view(np.uint32),
    "INT8": lambda samples: (25 * samples).clip(-127, 127).astype(np.int8),
}
