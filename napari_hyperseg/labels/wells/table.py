"""The text of a CSV file: encoding, separator, header, rows.

Reads semicolons, tabs and commas; decimal commas where they are not the separator.  Knows
nothing of wells.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from napari_hyperseg.errors import WellError

Cells = list[str]
NumberedRow = tuple[int, Cells]
"""Number of the line in the file, and its cells."""

MAX_BYTES = 512 << 20
SEPARATORS = ";\t,"  # in this order: a comma may be a decimal one
SAMPLE_ROWS = 100
NOTHING = frozenset({"nan", "na", "n/a", "null", "none", "-", "--", "undefined", "undef", "nd"})
"""What cells say that say nothing, besides being empty."""
_HEAD_BYTES = 65536
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")


@dataclass(frozen=True, eq=False)
class CsvTable:
    """A file with its header taken off.

    Parameters
    ----------
    path : Path
        The file.
    names : tuple of str
        Of the columns.
    sample : tuple of (int, list of str)
        The first rows.
    rows : iterator of (int, list of str)
        All of them; can be passed over once.
    comma : bool
        Whether numbers may have decimal commas.
    """

    path: Path
    names: tuple[str, ...]
    sample: tuple[NumberedRow, ...]
    rows: Iterator[NumberedRow]
    comma: bool

    def fault(self, row: int, what: str, advice: str = "Correct the row.") -> WellError:
        """Return the error of a row; `what` says which value, without a full stop."""
        return WellError(f"{self.path.name}, row {row}: {what}. {advice}")


def read_table(path: Path) -> CsvTable:
    """Read a CSV file up to its header; the rows follow as they are asked for.

    Raises
    ------
    WellError
        If the file cannot be read, is empty, is not text, or has no columns.
    """
    text = _text(path)
    separator = _separator(path, text)
    rows = _rows(path, text, separator)
    header = next((row for row in rows if _is_header(row[1])), None)
    if header is None:
        raise _one_column(path)
    sample = tuple(islice(rows, SAMPLE_ROWS))
    names = tuple(" ".join(name.split()) for name in header[1])
    return CsvTable(path, names, sample, chain(sample, rows), separator != ",")


def peek_names(path: Path) -> tuple[str, ...]:
    """Return the header of what may be a table; nothing where it is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(_HEAD_BYTES)
    except OSError:
        return ()
    encoding = "utf-16" if raw.startswith(_UTF_16) else "utf-8-sig"
    text = raw.decode(encoding, "replace")
    try:
        rows = _rows(path, text, _separator(path, text))
        header = next((cells for _, cells in rows if _is_header(cells)), [])
    except WellError:
        return ()
    return tuple(header)


def number_of(cell: str, *, comma: bool) -> float | None:
    """Return a cell as a number, NaN where it is empty or says so; None where it is none."""
    try:
        value = float(cell)
    except ValueError:
        return _odd_number(cell, comma=comma)
    if math.isfinite(value) and "_" not in cell:
        return value
    return math.nan if cell.lower() in NOTHING else None


def _odd_number(cell: str, *, comma: bool) -> float | None:
    if not cell or cell.lower() in NOTHING:
        return math.nan
    if comma and cell.count(",") == 1 and "." not in cell:
        return number_of(cell.replace(",", "."), comma=False)
    return None


def shown(cell: str) -> str:
    """Return a cell in quotes, cut to what fits a message."""
    text = " ".join(cell.split())
    return f'"{text}"' if len(text) <= 30 else f'"{text[:30]}..."'


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise WellError(f"{path} cannot be read: {error.strerror or error}.") from error
    if size > MAX_BYTES:
        raise WellError(f"{path.name} has {size >> 20} MB, too many for wells. Cut it into parts.")
    utf_16 = raw.startswith(_UTF_16)
    if b"\x00" in raw and not utf_16:
        raise WellError(
            f"{path.name} is not text: byte {raw.index(0) + 1} is zero. Save it as CSV."
        )
    text = _decoded(path, raw, ("utf-16",) if utf_16 else _ENCODINGS)
    if not text.strip():
        raise WellError(f"{path.name} is empty. Choose a CSV file with a row for each interval.")
    return text


def _decoded(path: Path, raw: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WellError(f"{path.name} is not text in UTF-16, as it says. Save it as CSV (UTF-8).")


def _separator(path: Path, text: str) -> str:
    """Take what the first line with several columns has, and Excel's ``sep=;``."""
    for line in islice(io.StringIO(text, newline=""), SAMPLE_ROWS):
        found = next((mark for mark in SEPARATORS if mark in line), None)
        if found is not None and not line.lstrip().startswith("#"):
            return found
    raise _one_column(path)


def _one_column(path: Path) -> WellError:
    return WellError(f"{path.name} has one column. Separate columns by ; or , or tabs.")


def _is_header(cells: Cells) -> bool:
    """Take the first row of several cells; titles, comments and Excel's ``sep=;`` are none."""
    return sum(map(bool, cells)) > 1 and not cells[0].startswith("#")


def _rows(path: Path, text: str, separator: str) -> Iterator[NumberedRow]:
    """Give rows that hold anything, without surrounding blanks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise WellError(
            f"{path.name}, row {reader.line_num}: {error}. Look for a quote that is not closed."
        ) from error
