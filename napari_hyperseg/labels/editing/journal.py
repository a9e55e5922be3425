"""The journal of a survey's edits: files that are only ever appended to.

A record is written before the arrays that it concerns, in one call, so that what the process
leaves behind when it dies is the whole edit or nothing of it.  Segments keep files small; the
oldest go when there are too many bytes.  Knows records, not what they change.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.editing.frame import Place, changes_at, framed, scan
from napari_hyperseg.labels.editing.patch import Change

SUFFIX = ".journal"
SEGMENT_BYTES = 32 << 20
KEPT_BYTES = 512 << 20


@dataclass(frozen=True)
class Entry:
    """A record in the journal: where it is, and its header."""

    segment: Path
    place: Place
    header: dict[str, Any]


class Journal:
    """The records of one survey.

    Parameters
    ----------
    folder : Path
        Made with the first record.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._size = 0
        self._segment: Path | None = None

    @property
    def segments(self) -> list[Path]:
        """The files, oldest first."""
        return sorted(self._folder.glob(f"*{SUFFIX}"))

    def entries(self) -> list[Entry]:
        """Read the headers of all records that are whole.

        A record that is cut off at the end counts as never written.  Behind a record that is
        damaged elsewhere, only what later files say can be relied on.

        Raises
        ------
        LabelError
            If the folder cannot be read.
        """
        found: list[Entry] = []
        try:
            for segment in self.segments:
                size = segment.stat().st_size
                entries, whole = _scanned(segment, size)
                if whole < size and segment != self.segments[-1]:
                    found.clear()
                    continue
                found += entries
                self._segment, self._size = segment, whole
        except OSError as error:
            raise LabelError(f"{self._folder}: cannot be read: {error.strerror}.") from error
        return found

    def append(self, header: dict[str, Any], changes: tuple[Change, ...] = ()) -> Entry:
        """Write a record behind the last one.

        Raises
        ------
        OSError
            If it cannot be written, for instance because the disk is full; nothing of it stays.
        """
        record = framed(header, changes)
        if self._segment is None or self._size + len(record) > max(SEGMENT_BYTES, len(record)):
            self._begin_segment()
        assert self._segment is not None
        with self._segment.open("r+b", buffering=0) as file:
            file.truncate(self._size)  # of what was cut off
            file.seek(self._size)
            try:
                _write_all(file, record)
            except OSError:
                file.truncate(self._size)
                raise
        entry = Entry(self._segment, Place(self._size, len(record)), header)
        self._size += len(record)
        return entry

    def changes(self, entry: Entry) -> tuple[Change, ...]:
        """Return what a record changed.

        Raises
        ------
        LabelError
            If it cannot be read.
        """
        try:
            with entry.segment.open("rb") as file:
                return changes_at(file, entry.place)
        except OSError as error:
            raise LabelError(f"{entry.segment}: cannot be read: {error.strerror}.") from error

    def sync(self) -> None:
        """Wait until the disk has every record."""
        if self._segment is not None:
            with self._segment.open("r+b") as file:
                os.fsync(file.fileno())

    def shorten(self, keep_bytes: int = KEPT_BYTES) -> bool:
        """Remove the oldest segments until at most so many bytes are left; True if any went."""
        segments = self.segments
        sizes = [segment.stat().st_size for segment in segments]
        n = len(segments)
        while len(segments) > 1 and sum(sizes) > keep_bytes:
            segments.pop(0).unlink(missing_ok=True)
            sizes.pop(0)
        return len(segments) < n

    def _begin_segment(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._segment is not None:  # what was cut off at its end would count as damage
            os.truncate(self._segment, self._size)
        last = self.segments[-1:]
        number = int(last[0].stem) + 1 if last and last[0].stem.isdigit() else 1
        segment = self._folder / f"{number:06d}{SUFFIX}"
        segment.touch()
        self._segment, self._size = segment, 0


def _scanned(segment: Path, size: int) -> tuple[list[Entry], int]:
    """Return the whole records of a file, and where they end."""
    entries: list[Entry] = []
    end = 0
    with segment.open("rb") as file:
        for place, header in scan(file, size):
            entries.append(Entry(segment, place, header))
            end = place.offset + place.size
    return entries, end


def _write_all(file: Any, record: bytes) -> None:
    """Write every byte: a raw file may take a part of them only."""
    left = memoryview(record)
    while left:
        left = left[file.write(left) :]
