"""The file headers of SEG-Y: what makes a file SEG-Y, and what of it is not supported.

Byte numbers are those of the SEG-Y standard, revision 2.1, counted from 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy_formats import FORMAT_NAMES, STORED_DTYPES

Endian = Literal["big", "little"]

FILE_HEADER = 3600  # 3200 bytes of text, 400 of binary header
TRACE_HEADER = 240
TEXT_BLOCK = 3200


def read_file_header(path: Path) -> bytes:
    """Read the 3600 bytes before the traces.

    Raises
    ------
    SurveyError
        If the file cannot be read or is too short for a single trace.
    """
    try:
        with path.open("rb") as file:
            header = file.read(FILE_HEADER)
    except FileNotFoundError as error:
        raise SurveyError(f"{path} does not exist. Check the path.") from error
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}.") from error
    if len(header) < FILE_HEADER or path.stat().st_size <= FILE_HEADER + TRACE_HEADER:
        raise SurveyError(
            f"{path.name} has {path.stat().st_size} bytes, too few for a SEG-Y file "
            f"({FILE_HEADER} bytes of headers and a trace). Copy or export it again."
        )
    return header


def byte_order_and_format(header: bytes, path: Path) -> tuple[Endian, int]:
    """Byte order and sample format code, from the only order in which the code is known.

    Raises
    ------
    SurveyError
        If there is none: the file is not SEG-Y.
    """
    for endian in ("big", "little"):
        if (code := _field(header, 3225, endian)) in FORMAT_NAMES:
            return endian, code
    raise SurveyError(
        f"{path.name} is not SEG-Y: its sample format code (bytes 3225-3226) is "
        f"{_field(header, 3225, 'big')}, and the standard knows 1 to 16. Choose a SEG-Y file."
    )


def refuse_unsupported(header: bytes, endian: Endian, code: int, path: Path) -> None:
    """Refuse, by name, what would be read as garbage.

    Raises
    ------
    SurveyError
        For sample formats, trace header extensions and text headers that are not supported.
    """
    if code not in STORED_DTYPES:
        raise SurveyError(
            f"{path.name} stores its samples as {FORMAT_NAMES[code]} (format {code}), which is "
            "not supported. Export it as IEEE or IBM float (format 5 or 1)."
        )
    extra = _field(header, 3507, endian) if _revision(header) >= 2 else 0
    if extra:
        raise SurveyError(
            f"{path.name} has {extra} additional header block(s) per trace (SEG-Y revision 2), "
            "which are not supported. Export it as SEG-Y revision 1."
        )
    if _field(header, 3505, endian) == 0xFFFF:
        raise SurveyError(
            f"{path.name} does not count its extended text headers (bytes 3505-3506 are -1), "
            "which is not supported. Export it with a fixed number of them."
        )


def why_unreadable(header: bytes, endian: Endian, code: int, path: Path) -> str:
    """Say why a file with a sound format code cannot be divided into traces."""
    n_samples = _field(header, 3221, endian)
    if n_samples == 0:
        return f"{path.name} says 0 samples per trace (bytes 3221-3222). Export it again."
    trace_bytes = TRACE_HEADER + n_samples * np.dtype(STORED_DTYPES[code]).itemsize
    first = FILE_HEADER + TEXT_BLOCK * _field(header, 3505, endian)
    traces = (path.stat().st_size - first) / trace_bytes
    return (
        f"{path.name} holds {traces:.2f} traces of {n_samples} samples as {FORMAT_NAMES[code]}, "
        "not a whole number: it is cut off, or its binary header is wrong. Copy or export it again."
    )


def _field(header: bytes, byte: int, endian: Endian) -> int:
    return int.from_bytes(header[byte - 1 : byte + 1], endian)


def _revision(header: bytes) -> int:
    return header[3500]
