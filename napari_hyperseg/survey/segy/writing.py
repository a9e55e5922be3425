"""Write a volume as a new SEG-Y file (revision 1, IEEE float32, inline-sorted).

Owns the headers of files that we make ourselves; `export` copies those of others.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.segy.file_header import TRACE_HEADER
from napari_hyperseg.survey.segy.text import numbered_lines, write_text

# Name: (byte counted from 1, type), of the fields that are written; the rest are zero.
BINARY_FIELDS = {
    "interval_us": (17, ">i2"), "n_samples": (21, ">u2"), "format": (25, ">i2"),
    "fold": (27, ">i2"), "sorting": (29, ">i2"), "metres": (55, ">i2"),
    "revision": (301, ">u2"), "fixed_length": (303, ">i2"),
}  # fmt: skip
TRACE_FIELDS = {
    "in_line": (1, ">i4"), "in_file": (5, ">i4"), "cdp": (21, ">i4"), "kind": (29, ">i2"),
    "coordinate_scalar": (71, ">i2"), "coordinate_unit": (89, ">i2"), "delay_ms": (109, ">i2"),
    "n_samples": (115, ">u2"), "interval_us": (117, ">i2"), "x": (181, ">i4"), "y": (185, ">i4"),
    "inline": (189, ">i4"), "crossline": (193, ">i4"),
}  # fmt: skip
CENTIMETRES = 100  # coordinates are written as whole centimetres, scalar -100


def write_segy(
    path: Path, volume: NDArray[np.float32], geometry: Geometry, text: list[str]
) -> None:
    """Write a volume with all its traces.

    Parameters
    ----------
    path : Path
        File to write; replaced if it exists.
    volume : ndarray of float32, shape ``geometry.shape``
        Samples.
    geometry : Geometry
        Lines, times and map position; times in whole ms and us.
    text : list of str
        Up to 38 lines of text header, 76 characters each.

    Raises
    ------
    SurveyError
        If the file cannot be written.
    """
    try:
        with replacing(path) as beside, beside.open("wb") as file:
            file.write(write_text(numbered_lines(text)))
            file.write(_binary_header(geometry))
            for i, section in enumerate(volume):
                file.write(_traces(geometry, i, section))
    except OSError as error:
        raise SurveyError(f"{path} cannot be written: {error.strerror}.") from error


def _header_dtype(fields: dict[str, tuple[int, str]], length: int) -> np.dtype:
    return np.dtype(
        {
            "names": list(fields),
            "formats": [kind for _, kind in fields.values()],
            "offsets": [byte - 1 for byte, _ in fields.values()],
            "itemsize": length,
        }
    )


def _binary_header(geometry: Geometry) -> bytes:
    header = np.zeros((), _header_dtype(BINARY_FIELDS, 400))
    header["interval_us"] = round(geometry.sample_interval_ms * 1000)
    header["n_samples"] = geometry.n_samples
    header["format"], header["fold"], header["sorting"], header["metres"] = 5, 1, 4, 1
    header["revision"], header["fixed_length"] = 0x0100, 1
    return header.tobytes()


def _traces(geometry: Geometry, i: int, section: NDArray[np.float32]) -> bytes:
    """One inline: headers and samples of its traces."""
    count, n_samples = section.shape
    header = np.zeros(count, _header_dtype(TRACE_FIELDS, TRACE_HEADER))
    header["in_line"] = np.arange(1, count + 1)
    header["in_file"] = i * count + header["in_line"]
    header["cdp"] = header["crossline"] = geometry.crosslines
    header["inline"] = geometry.inlines[i]
    header["kind"], header["coordinate_unit"] = 1, 1
    header["delay_ms"], header["n_samples"] = round(geometry.start_ms), n_samples
    header["interval_us"] = round(geometry.sample_interval_ms * 1000)
    places = geometry.map_positions(i)
    if places is not None:
        header["x"], header["y"] = np.round(CENTIMETRES * places.T)
        header["coordinate_scalar"] = -CENTIMETRES
    traces = np.zeros(count, [("header", header.dtype), ("samples", ">f4", (n_samples,))])
    traces["header"], traces["samples"] = header, section
    return traces.tobytes()
