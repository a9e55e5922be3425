"""What an exported volume holds, in words that travel with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal["amplitude", "facies", "confidence", "probability"]
UNITS: dict[Kind, str | None] = {
    "amplitude": None, "facies": None, "confidence": "%", "probability": "%",
}  # fmt: skip
MOST_CODES = 255


@dataclass(frozen=True)
class ExportedClass:
    """A facies code, what it is called and how it is drawn.

    Parameters
    ----------
    code : int
    name : str
    color : str
        As ``#rrggbb``.
    """

    code: int
    name: str
    color: str


@dataclass(frozen=True)
class Content:
    """What a volume holds.

    Parameters
    ----------
    kind : {"amplitude", "facies", "confidence", "probability"}
    name : str
        Of the volume.
    history : str
        Where it comes from, up to 76 characters.
    classes : tuple of ExportedClass
        Of facies.
    """

    kind: Kind
    name: str
    history: str
    classes: tuple[ExportedClass, ...] = ()

    @property
    def are_codes(self) -> bool:
        """Whether samples are names, of which there is no mean."""
        return self.kind == "facies"

    def to_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        said = {"kind": self.kind, "name": self.name, "history": self.history}
        if UNITS[self.kind]:
            said["unit"] = str(UNITS[self.kind])
        classes = [{"code": c.code, "name": c.name, "color": c.color} for c in self.classes]
        return {**said, "classes": classes} if classes else said

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Content:
        """Read what `to_json` gave.

        Raises
        ------
        ValueError, KeyError, TypeError
            If it did not.
        """
        if said["kind"] not in get_args(Kind):
            raise ValueError(f"{said['kind']!r} is no kind of volume")
        classes = tuple(
            ExportedClass(int(c["code"]), str(c["name"]), str(c["color"]))
            for c in list(said.get("classes", ()))[:MOST_CODES]
        )
        return cls(said["kind"], str(said["name"]), str(said.get("history", "")), classes)
