"""The file headers of SEG-Y: what makes a file SEG-Y, and what its binary header says.

Byte numbers are those of the SEG-Y standard, revision 2.1, counted from 1.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.formats import FORMAT_NAMES, STORED_DTYPES

Endian = Literal["big", "little"]
LengthUnit = Literal["m", "ft"]

FILE_HEADER = 3600  # 3200 bytes of text, 400 of binary header
TRACE_HEADER = 240
TEXT_BLOCK = 3200
UNCOUNTED = -1  # extended text headers, of which the last says that it is the last

# Byte and type; those below the line are from revision 2.
INTERVAL_US, N_SAMPLES, FORMAT, MEASUREMENT = (3217, "h"), (3221, "H"), (3225, "h"), (3255, "h")
REVISION, TEXT_BLOCKS = (3501, "B"), (3505, "h")
MORE_SAMPLES, FINE_INTERVAL_US, MORE_TRACE_HEADERS = (3269, "i"), (3273, "d"), (3507, "h")
TRACES, FIRST_TRACE, TRAILERS = (3513, "Q"), (3521, "Q"), (3529, "i")


@dataclass(frozen=True)
class FileHeader:
    """What the binary header says.

    Parameters
    ----------
    endian : {"big", "little"}
    format_code : int
        Of the samples.
    n_samples : int
        Of every trace.
    interval_us : float
        Between samples; may be zero or negative.
    text_blocks : int
        Extended text headers of 3200 bytes; -1: not counted.
    trace_blocks : int
        Headers of 240 bytes before every trace.
    n_traces : int
        In the file; 0: not said.
    first_trace : int
        Offset of the first trace header; 0: after the text headers.
    trailers : int
        Blocks of 3200 bytes after the last trace; -1: not counted.
    length_unit : {"m", "ft"} or None
        Of coordinates and depths; None: not said.
    """

    endian: Endian
    format_code: int
    n_samples: int
    interval_us: float
    text_blocks: int
    trace_blocks: int
    n_traces: int
    first_trace: int
    trailers: int
    length_unit: LengthUnit | None


def read_file_header(path: Path) -> FileHeader:
    """Read what comes before the traces.

    Raises
    ------
    SurveyError
        If the file cannot be read, is too short for a single trace, is not SEG-Y, or holds
        samples in a format that is not supported.
    """
    header = _bytes_of(path)
    endian, code = _byte_order_and_format(header, path)
    if code not in STORED_DTYPES:
        raise SurveyError(
            f"{path.name} stores its samples as {FORMAT_NAMES[code]} (format {code}), which is "
            "not supported. Export it as IEEE or IBM float (format 5 or 1)."
        )
    return _parse(header, endian, code)


def _parse(header: bytes, endian: Endian, code: int) -> FileHeader:
    def say(field: tuple[int, str]) -> int:
        return int(_field(header, field, endian))

    modern = say(REVISION) >= 2
    fine_interval = _field(header, FINE_INTERVAL_US, endian) if modern else 0.0
    units: dict[int, LengthUnit] = {1: "m", 2: "ft"}
    return FileHeader(
        endian=endian,
        format_code=code,
        n_samples=(say(MORE_SAMPLES) if modern else 0) or say(N_SAMPLES),
        interval_us=fine_interval if fine_interval > 0 else float(say(INTERVAL_US)),
        text_blocks=say(TEXT_BLOCKS),
        trace_blocks=1 + (say(MORE_TRACE_HEADERS) if modern else 0),
        n_traces=say(TRACES) if modern else 0,
        first_trace=say(FIRST_TRACE) if modern else 0,
        trailers=say(TRAILERS) if modern else 0,
        length_unit=units.get(say(MEASUREMENT)),
    )


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            header = file.read(FILE_HEADER)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise SurveyError(f"{path} does not exist. Check the path.") from error
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}.") from error
    if len(header) < FILE_HEADER or size <= FILE_HEADER + TRACE_HEADER:
        raise SurveyError(
            f"{path.name} has {size} bytes, too few for a SEG-Y file "
            f"({FILE_HEADER} bytes of headers and a trace). Copy or export it again."
        )
    return header


def _byte_order_and_format(header: bytes, path: Path) -> tuple[Endian, int]:
    """Byte order and sample format code, from the only order in which the code is known."""
    for endian in ("big", "little"):
        if (code := int(_field(header, FORMAT, endian))) in FORMAT_NAMES:
            return endian, code
    raise SurveyError(
        f"{path.name} is not SEG-Y: its sample format code (bytes 3225-3226) is "
        f"{int(_field(header, FORMAT, 'big'))}, and the standard knows 1 to 16. "
        "Choose a SEG-Y file."
    )


def _field(header: bytes, field: tuple[int, str], endian: Endian) -> float:
    byte, kind = field
    order = ">" if endian == "big" else "<"
    value: float = struct.unpack_from(order + kind, header, byte - 1)[0]
    return value
