"""The legend: which classes there are, in which order, and what is said of each.

Owns order, names, colours and switches of the classes; knows no voxel and no window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.facies_class import FaciesClass, default_class
from napari_hyperseg.labels.order import Order, order_of


@dataclass(frozen=True)
class Legend:
    """The classes of a project, with codes 1 to n.

    Parameters
    ----------
    classes : tuple of FaciesClass
        In the interpreter's order, from top to bottom where the classes are intervals; the
        codes are 1 to n in any order.

    Raises
    ------
    LabelError
        If the codes are not 1 to n, or two classes share a name.
    """

    classes: tuple[FaciesClass, ...]

    def __post_init__(self) -> None:
        if sorted(self.codes) != list(range(1, self.n_classes + 1)):
            raise LabelError(f"The legend's codes are {[*self.codes]}; they must be 1, 2, 3, ...")
        if len(set(self.names)) < len(self.names):
            raise LabelError(
                f"Two classes of the legend have the same name: {', '.join(self.names)}."
            )

    @classmethod
    def default(cls, n_classes: int) -> Legend:
        """Return "Class 1" to "Class n" in the default colours."""
        return cls.named(f"Class {code}" for code in range(1, n_classes + 1))

    @classmethod
    def named(cls, names: Iterable[str]) -> Legend:
        """Return classes of these names, from code 1, in the default colours."""
        return cls(tuple(default_class(code, name) for code, name in enumerate(names, start=1)))

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.classes)

    @property
    def names(self) -> tuple[str, ...]:
        """The classes' names, in their order."""
        return tuple(facies.name for facies in self.classes)

    @property
    def codes(self) -> Order:
        """The classes' codes, in their order."""
        return tuple(facies.code for facies in self.classes)

    @property
    def locked_codes(self) -> frozenset[int]:
        """Codes whose labels may be neither painted over nor erased."""
        return frozenset(facies.code for facies in self.classes if facies.locked)

    def order(self, n_classes: int) -> Order:
        """Return the codes of so many classes from top to bottom; see `order_of`."""
        return order_of(self.codes, n_classes)

    def __getitem__(self, code: int) -> FaciesClass:
        """Return the class with this code.

        Raises
        ------
        LabelError
            If the legend has no such code.
        """
        for facies in self.classes:
            if facies.code == code:
                return facies
        raise LabelError(f"The legend has no class {code}: its codes are 1-{self.n_classes}.")

    def color_of(self, code: int) -> str:
        """Return the colour of a code as ``#rrggbb``."""
        return self[code].color

    def with_class(self, name: str | None = None, color: str | None = None) -> Legend:
        """Return the legend with one more class, of the next code, at the end."""
        code = self.n_classes + 1
        added = default_class(code, name or self._free_name(code))
        return Legend((*self.classes, replace(added, color=color or added.color)))

    def grown_to(self, n_classes: int) -> Legend:
        """Return the legend with default classes added until it has at least `n_classes`."""
        grown = self
        while grown.n_classes < n_classes:
            grown = grown.with_class()
        return grown

    def without_last(self) -> Legend:
        """Return the legend without the class of the highest code, wherever it is."""
        return Legend(tuple(c for c in self.classes if c.code < self.n_classes))

    def moved(self, code: int, places: int) -> Legend:
        """Return the legend with a class so many places further down; up where negative."""
        facies = self[code]
        others = [other for other in self.classes if other is not facies]
        place = min(max(self.classes.index(facies) + places, 0), len(others))
        return Legend((*others[:place], facies, *others[place:]))

    def renamed(self, code: int, name: str) -> Legend:
        """Return the legend with another name for a code."""
        return self._changed(code, name=name)

    def recoloured(self, code: int, color: str) -> Legend:
        """Return the legend with another colour for a code."""
        return self._changed(code, color=color)

    def shown(self, code: int, visible: bool) -> Legend:
        """Return the legend with a class drawn, or hidden."""
        return self._changed(code, visible=visible)

    def locked(self, code: int, locked: bool) -> Legend:
        """Return the legend with a class locked, or free to be painted over."""
        return self._changed(code, locked=locked)

    def _changed(self, code: int, **fields: Any) -> Legend:
        new = replace(self[code], **fields)
        return Legend(tuple(new if c.code == code else c for c in self.classes))

    def _free_name(self, code: int) -> str:
        """Return "Class 3", or the next number whose name no class has."""
        names = (f"Class {number}" for number in count(code))
        return next(name for name in names if name not in self.names)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the classes as plain JSON objects, in their order."""
        return [facies.to_json() for facies in self.classes]

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
