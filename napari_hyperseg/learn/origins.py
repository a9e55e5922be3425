"""How each box of a prediction was made: at which step of its model, from which labels, by what.

A file of lines beside the arrays of the prediction, only ever appended to while it is filled.
What cannot be read of it is not known of the boxes.  Knows no torch: the window asks it, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from napari_hyperseg.learn.boxes import Shape, size, whole
from napari_hyperseg.learn.earlier import with_balance
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.replacing import replacing

FILE = "origins.jsonl"
_LOOKED_BACK = 8  # boxes that a new one may continue

Index = Annotated[int, Field(ge=0)]
Span = tuple[Index, Index]


class Origin(NamedTuple):
    """What made a box.

    Parameters
    ----------
    step : int
        Training steps of the model.
    revision : int or None
        Number of the revision of the survey's labels that it rests on; None: on none of them.
    balance : float or None
        Share of the network in what counted, 0 to 1, beside what was tracked; None: nothing was.
    """

    step: int
    revision: int | None = None
    balance: float | None = None


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    box: tuple[Span, Span, Span]
    step: Index
    revision: Index | None = None
    balance: Annotated[float, Field(ge=0, le=1)] | None = None

    _earlier = model_validator(mode="before")(with_balance)


class Origins:
    """Boxes that do not overlap, each with its origin; the latest one counts.

    Attributes
    ----------
    changes : int
        How often it was another one.
    """

    def __init__(self) -> None:
        self._pieces: list[tuple[Box, Origin]] = []
        self.changes = 0

    def __iter__(self) -> Iterator[tuple[Box, Origin]]:
        return iter(self._pieces)

    def add(self, box: Box, origin: Origin) -> None:
        """Let a box be of this origin from now on, whatever it was of."""
        if any(box == one and origin == its for one, its in self._pieces):
            return
        self.changes += 1
        self._pieces = [(piece, its) for one, its in self._pieces for piece in _outside(one, box)]
        while (place := self._continued(box, origin)) is not None:
            box = _hull(self._pieces.pop(place)[0], box)
        self._pieces.append((box, origin))

    def at(self, i: int, j: int, k: int) -> Origin | None:
        """Return the origin of a voxel; None where nothing is known of it."""
        for box, origin in self._pieces:
            if all(start <= at < stop for at, (start, stop) in zip((i, j, k), box, strict=True)):
                return origin
        return None

    def _continued(self, box: Box, origin: Origin) -> int | None:
        """Place of a late piece that makes a larger box with this one."""
        first = max(0, len(self._pieces) - _LOOKED_BACK)
        for place in range(len(self._pieces) - 1, first - 1, -1):
            one, its = self._pieces[place]
            if its == origin and size(_hull(one, box)) == size(one) + size(box):
                return place
        return None


class OriginsFile:
    """The file of a prediction that is being filled.

    Parameters
    ----------
    store : Path
        Folder of the prediction.
    shape : tuple of int
        Of the survey.
    """

    def __init__(self, store: Path, shape: Shape) -> None:
        self._store, self._shape = store, shape
        self.shorten()

    def shorten(self) -> None:
        """Keep what counts, in as few lines as there are boxes."""
        counting = read_origins(self._store, self._shape)
        with replacing(self._store / FILE) as beside:
            beside.write_text("".join(_line(*one) for one in counting), "utf-8")

    def add(self, box: Box, origin: Origin) -> None:
        """Note that a box was filled."""
        with (self._store / FILE).open("a", encoding="utf-8") as file:
            file.write(_line(box, origin))


def read_origins(store: Path, shape: Shape) -> Origins:
    """Read what is known of a prediction's boxes.

    Parameters
    ----------
    store : Path
        Folder of the prediction.
    shape : tuple of int
        Of the survey.
    """
    origins = Origins()
    try:
        lines = (store / FILE).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return origins
    for text in lines:
        try:
            line = _Line.model_validate_json(text)
        except ValidationError:
            continue
        if _lies_in(line.box, whole(shape)):
            origins.add(line.box, Origin(line.step, line.revision, line.balance))
    return origins


def _line(box: Box, origin: Origin) -> str:
    return json.dumps({"box": box, **origin._asdict()}) + "\n"


def _lies_in(box: Box, outer: Box) -> bool:
    return all(a < b and c <= a and b <= d for (a, b), (c, d) in zip(box, outer, strict=True))


def _hull(one: Box, other: Box) -> Box:
    i, j, k = ((min(a, c), max(b, d)) for (a, b), (c, d) in zip(one, other, strict=True))
    return i, j, k


def _outside(box: Box, taken: Box) -> Iterator[Box]:
    """Cut what is not taken out of a box: six boxes at most."""
    common = [(max(a, c), min(b, d)) for (a, b), (c, d) in zip(box, taken, strict=True)]
    if any(start >= stop for start, stop in common):
        yield box
        return
    for axis, ((start, stop), (first, last)) in enumerate(zip(box, common, strict=True)):
        for span in ((start, first), (last, stop)):
            if span[0] < span[1]:
                yield _with_span(box, axis, span)
        box = _with_span(box, axis, (first, last))


def _with_span(box: Box, axis: int, span: Span) -> Box:
    i, j, k = (span if number == axis else one for number, one in enumerate(box))
    return i, j, k
