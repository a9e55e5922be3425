"""One class of a legend: what its code is called, how it is drawn, whether it may change."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.palette import PALETTE

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class FaciesClass:
    """One class of the legend.

    Parameters
    ----------
    code : int
        The value in the labels, 1 to 255; a class keeps it for life.
    name : str
        What the interpreter calls it.
    color : str
        ``#rrggbb``.
    visible : bool
        Whether its labels and predictions are drawn.
    locked : bool
        Whether its labels stay as they are when something is painted over them.

    Raises
    ------
    LabelError
        If the code, name or colour cannot be used, or a switch is neither on nor off.
    """

    code: int
    name: str
    color: str
    visible: bool = True
    locked: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.code, bool) or not 1 <= self.code <= 255:
            raise LabelError(f"Facies code {self.code} is outside 1-255.")
        if not self.name.strip() or not self.name.isprintable():
            raise LabelError(f"Class {self.code} needs a name of printable characters.")
        if not _COLOR.fullmatch(self.color):
            raise LabelError(f"Colour {self.color!r} of class {self.code} is not #rrggbb.")
        for name in ("visible", "locked"):
            if not isinstance(getattr(self, name), bool):
                raise LabelError(f"Class {self.code} must be {name} or not: write true or false.")

    def to_json(self) -> dict[str, Any]:
        """Return the class as a plain JSON object."""
        return asdict(self)


def default_class(code: int, name: str) -> FaciesClass:
    """Return a class of this code and name in its default colour."""
    return FaciesClass(code, name, PALETTE[(code - 1) % len(PALETTE)])
