"""How to read a SEG-Y file where it does not say so itself."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from napari_hyperseg.errors import ReadingError
from napari_hyperseg.survey.segy.file_header import LengthUnit

BytePair = tuple[int, int]
Domain = Literal["time", "depth"]

STANDARD_LINES: BytePair = (189, 193)
STANDARD_XY: BytePair = (181, 185)
STANDARD_SCALAR = 71
NONE = 0  # instead of a header byte: no header holds it


@dataclass(frozen=True)
class Reading:
    """What a user says of a file; what is None is found out.

    An opened survey has one in which nothing is None but `offset`: given again, it reads the
    file in the same way.

    Parameters
    ----------
    lines : tuple of int, optional
        Trace header bytes of inline and crossline; 0: that number is in no header, traces are
        counted.
    xy : tuple of int, optional
        Trace header bytes of the map coordinates; (0, 0): there are none.
    scalar : int, optional
        Trace header byte of what the coordinates are scaled by; 0: nothing.
    domain : {"time", "depth"}, optional
        What the samples of a trace are steps of.
    length_unit : {"m", "ft"}, optional
        Of depths and coordinates.
    offset : int, optional
        Of the traces to take from a prestack file.
    stack : bool
        Whether a prestack file is read as the mean of the traces at a position.

    Raises
    ------
    ReadingError
        If an offset is to be chosen and to be stacked over.
    """

    lines: BytePair | None = None
    xy: BytePair | None = None
    scalar: int | None = None
    domain: Domain | None = None
    length_unit: LengthUnit | None = None
    offset: int | None = None
    stack: bool = False

    def __post_init__(self) -> None:
        if self.stack and self.offset is not None:
            raise ReadingError("Choose one offset of a prestack file or stack them, not both.")

    @property
    def prestack(self) -> bool:
        """Whether positions hold several traces, and it is said what to do with them."""
        return self.stack or self.offset is not None

    def agrees_with(self, found: Reading) -> bool:
        """Tell whether a file read as `found` was read as is said here."""
        if (self.offset, self.stack) != (found.offset, found.stack):
            return False
        pairs = ((getattr(self, f.name), getattr(found, f.name)) for f in fields(self))
        return all(said is None or said == was for said, was in pairs)

    def to_json(self) -> dict[str, Any]:
        """What is said, as plain values."""
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in said.items() if value not in (None, False)}
