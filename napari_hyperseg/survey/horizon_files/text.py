"""Lines of a text file, and errors that name one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from napari_hyperseg.errors import HorizonError

HEAD_BYTES = 65536


def read_head(path: Path) -> str:
    """Give the whole lines at the start of a file, at most 64 kB of them.

    Raises
    ------
    HorizonError
        If the file cannot be read, is empty, or is not text.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(HEAD_BYTES)
    except OSError as error:
        raise HorizonError(f"{path} cannot be read: {error.strerror or error}.") from error
    if b"\x00" in raw:
        raise HorizonError(
            f"{path.name} is not text: byte {raw.index(0) + 1} is zero. "
            "Export the horizon as ASCII text."
        )
    head = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    if not head.strip():
        raise HorizonError(f"{path.name} is empty. Choose a file with picks of a horizon.")
    cut = head.rfind("\n") + 1 if len(raw) == HEAD_BYTES else 0
    return head[:cut] if cut else head


def numbered_lines(path: Path, after: int = 0) -> Iterator[tuple[int, str]]:
    """Give every line past number `after`, without surrounding blanks, with its number from 1."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if number > after:
                yield number, line.strip()


def bad_line(path: Path, number: int, what: str) -> HorizonError:
    """Give the error of a damaged line; `what` says which value, without a full stop."""
    return HorizonError(
        f"{path.name}, line {number}: {what}. Correct the line, or export the horizon again."
    )


def shorten(value: str) -> str:
    """Give a value in quotes, cut to what fits a message."""
    return f'"{value}"' if len(value) <= 30 else f'"{value[:30]}..."'


def as_number(cell: str) -> float | None:
    """Give a cell as a number; None where it is none."""
    try:
        return float(cell)
    except ValueError:
        return None
