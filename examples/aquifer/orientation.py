"""The eight ways of laying a square map: quarter turns, each plain or mirrored.

What may be turned: scalars whose law does not know north.  Gravity, radiometrics and
elevation are such.  Magnetics is once it is reduced to the pole; a total field away from
the pole is not, and neither are the stripes of flight lines, which come out crosswise in a
quarter turn.  `MIRRORS` keeps lines along an axis; `NONE` is for the total field.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from torch import Tensor


class Orientation(NamedTuple):
    """Quarter turns, then perhaps a mirror image, of the last two axes."""

    turns: int
    mirrored: bool

    def apply(self, maps: Tensor) -> Tensor:
        """Lay maps this way."""
        turned = maps.rot90(self.turns, (-2, -1))
        return turned.flip(-1) if self.mirrored else turned

    def undo(self, maps: Tensor) -> Tensor:
        """Lay maps back."""
        straight = maps.flip(-1) if self.mirrored else maps
        return straight.rot90(-self.turns, (-2, -1))


class Augmentation(Enum):
    """Which orientations a survey may be shown in."""

    NONE = "none"
    MIRRORS = "mirrors"
    ALL = "all"

    @property
    def orientations(self) -> tuple[Orientation, ...]:
        """At least the plain one, first."""
        turns = {"none": (0,), "mirrors": (0, 2), "all": (0, 1, 2, 3)}[self.value]
        mirrors = (False,) if self is Augmentation.NONE else (False, True)
        return tuple(Orientation(turn, mirrored) for turn in turns for mirrored in mirrors)
