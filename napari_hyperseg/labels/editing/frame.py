"""How a record of the journal lies in its file: framed, counted and checked.

    4 bytes   ``HSJ1``
    4 bytes   length of the header, little endian
    8 bytes   length of the payload
    4 bytes   CRC-32 of header and payload
    header    JSON
    payload   the patches' bytes, before and after in turn

A record that was cut off when the process died is told by its lengths or its checksum.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from napari_hyperseg.labels.editing.patch import DTYPES, Change, Note, Patch

MAGIC = b"HSJ1"
_FRAME = struct.Struct("<4sIQI")
_LONGEST_HEADER = 1 << 28


@dataclass(frozen=True)
class Place:
    """Where a record is in its file.

    Parameters
    ----------
    offset, size : int
        Of the whole record.
    """

    offset: int
    size: int


def framed(header: dict[str, Any], changes: tuple[Change, ...] = ()) -> bytes:
    """Return the bytes of a record."""
    patches = [change for change in changes if isinstance(change, Patch)]
    notes = [change for change in changes if isinstance(change, Note)]
    content = header | {
        "patches": [_described(patch) for patch in patches],
        "notes": [[note.target, note.before, note.after] for note in notes],
    }
    text = json.dumps(content, separators=(",", ":")).encode()
    payload = b"".join(part for patch in patches for part in (patch.before, patch.after))
    check = zlib.crc32(payload, zlib.crc32(text))
    return b"".join((_FRAME.pack(MAGIC, len(text), len(payload), check), text, payload))


def scan(file: BinaryIO, size: int) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield place and header of each whole record; stop at one that is cut off or damaged.

    Payloads are checked, too: a patch must not be found damaged when it is needed.
    """
    offset = 0
    while (found := _read(file, offset, size)) is not None:
        place, header, _ = found
        yield place, header
        offset += place.size


def changes_at(file: BinaryIO, place: Place) -> tuple[Change, ...]:
    """Return the changes of the record at a place; nothing if it is damaged."""
    found = _read(file, place.offset, place.offset + place.size)
    if found is None:
        return ()
    _, header, payload = found
    changes: list[Change] = []
    for target, start, shape, dtype, n_before, n_after in header["patches"]:
        before, after = payload[:n_before], payload[n_before : n_before + n_after]
        payload = payload[n_before + n_after :]
        changes.append(Patch(target, tuple(start), tuple(shape), dtype, before, after))
    return (*changes, *(Note(*note) for note in header["notes"]))


def _described(patch: Patch) -> list[Any]:
    sizes = (len(patch.before), len(patch.after))
    return [patch.target, patch.start, patch.shape, patch.dtype, *sizes]


def _read(file: BinaryIO, offset: int, end: int) -> tuple[Place, dict[str, Any], bytes] | None:
    file.seek(offset)
    frame = file.read(_FRAME.size)
    if len(frame) < _FRAME.size:
        return None
    magic, n_header, n_payload, check = _FRAME.unpack(frame)
    size = _FRAME.size + n_header + n_payload
    if magic != MAGIC or n_header > _LONGEST_HEADER or offset + size > end:
        return None
    text, payload = file.read(n_header), file.read(n_payload)
    if zlib.crc32(payload, zlib.crc32(text)) != check:
        return None
    header = _header(text)
    return None if header is None else (Place(offset, size), header, payload)


def _header(text: bytes) -> dict[str, Any] | None:
    """Return a header in which everything has its type; None if it has not."""
    try:
        header = json.loads(text)
        patches = all(_is_patch(patch) for patch in header["patches"])
        notes = all(len(note) == 3 and isinstance(note[0], str) for note in header["notes"])
    except (ValueError, TypeError, KeyError):
        return None
    return header if patches and notes and isinstance(header.get("kind"), str) else None


def _is_patch(entry: list[Any]) -> bool:
    target, start, shape, dtype, *sizes = entry
    numbers = [*start, *shape, *sizes]
    return (
        isinstance(target, str)
        and dtype in DTYPES
        and len(start) == len(shape)
        and len(sizes) == 2
        and all(isinstance(number, int) and number >= 0 for number in numbers)
    )
