"""The legend: which facies codes there are, what they are called, how they are coloured.

Owns names and colours of the classes; knows no voxel and no window.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from napari_hyperseg.errors import LabelError

PALETTE = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#221199",
    "#88ffaa",
    "#663300",
    "#7766ff",
    "#aa0044",
)
"""Default colours, in the order in which classes take them, then from the first again.

The first seven are those of Okabe and Ito, "Color Universal Design", 2008, without black; the
others were chosen as far from them, and from grey seismic, as they can be for normal,
red-blind and green-blind eyes (the tests hold the distances)."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class FaciesClass:
    """One class of the legend.

    Parameters
    ----------
    code : int
        The value in the labels, 1 to 255.
    name : str
        What the interpreter calls it.
    color : str
        ``#rrggbb``.

    Raises
    ------
    LabelError
        If the code, name or colour cannot be used.
    """

    code: int
    name: str
    color: str

    def __post_init__(self) -> None:
        if not 1 <= self.code <= 255:
            raise LabelError(f"Facies code {self.code} is outside 1-255.")
        if not self.name.strip() or not self.name.isprintable():
            raise LabelError(f"Class {self.code} needs a name of printable characters.")
        if not _COLOR.fullmatch(self.color):
            raise LabelError(f"Colour {self.color!r} of class {self.code} is not #rrggbb.")


@dataclass(frozen=True)
class Legend:
    """The classes of a project, with codes 1, 2, ... n.

    Parameters
    ----------
    classes : tuple of FaciesClass
        Sorted by code, without gaps, from top to bottom where the classes are intervals.

    Raises
    ------
    LabelError
        If the codes are not 1 to n, or two classes share a name.
    """

    classes: tuple[FaciesClass, ...]

    def __post_init__(self) -> None:
        codes = [facies.code for facies in self.classes]
        if codes != list(range(1, len(codes) + 1)):
            raise LabelError(f"The legend's codes are {codes}; they must run 1, 2, 3, ...")
        names = [facies.name for facies in self.classes]
        if len(set(names)) < len(names):
            raise LabelError(f"Two classes of the legend have the same name: {', '.join(names)}.")

    @classmethod
    def default(cls, n_classes: int) -> Legend:
        """Return "Class 1" to "Class n" in the default colours."""
        return cls.named(f"Class {code}" for code in range(1, n_classes + 1))

    @classmethod
    def named(cls, names: Iterable[str]) -> Legend:
        """Return classes of these names, from code 1, in the default colours."""
        return cls(tuple(_default_class(code, name) for code, name in enumerate(names, start=1)))

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.classes)

    @property
    def names(self) -> tuple[str, ...]:
        """The classes' names, by code."""
        return tuple(facies.name for facies in self.classes)

    def __getitem__(self, code: int) -> FaciesClass:
        """Return the class with this code.

        Raises
        ------
        LabelError
            If the legend has no such code.
        """
        if not 1 <= code <= self.n_classes:
            raise LabelError(f"The legend has no class {code}: its codes are 1-{self.n_classes}.")
        return self.classes[code - 1]

    def color_of(self, code: int) -> str:
        """Return the colour of a code as ``#rrggbb``."""
        return self[code].color

    def with_class(self, name: str | None = None, color: str | None = None) -> Legend:
        """Return the legend with one more class at the end."""
        code = self.n_classes + 1
        added = _default_class(code, name or f"Class {code}")
        return Legend((*self.classes, replace(added, color=color or added.color)))

    def grown_to(self, n_classes: int) -> Legend:
        """Return the legend with default classes added until it has at least `n_classes`."""
        missing = range(self.n_classes + 1, n_classes + 1)
        return Legend(
            self.classes + tuple(_default_class(code, f"Class {code}") for code in missing)
        )

    def renamed(self, code: int, name: str) -> Legend:
        """Return the legend with another name for a code."""
        return self._replaced(replace(self[code], name=name))

    def recoloured(self, code: int, color: str) -> Legend:
        """Return the legend with another colour for a code."""
        return self._replaced(replace(self[code], color=color))

    def _replaced(self, changed: FaciesClass) -> Legend:
        return Legend(tuple(changed if c.code == changed.code else c for c in self.classes))

    def to_json(self) -> list[dict[str, Any]]:
        """Return the classes as plain JSON objects."""
        return [{"code": c.code, "name": c.name, "color": c.color} for c in self.classes]

    @classmethod
    def from_json(cls, classes: Iterable[dict[str, Any]]) -> Legend:
        """Read what `to_json` returned.

        Raises
        ------
        LabelError
            If an entry is not a class, or the classes are not a legend.
        """
        try:
            return cls(tuple(FaciesClass(**fields) for fields in classes))
        except (TypeError, AttributeError) as error:
            raise LabelError(f"The legend cannot be read: {error}.") from error


def _default_class(code: int, name: str) -> FaciesClass:
    return FaciesClass(code, name, PALETTE[(code - 1) % len(PALETTE)])
