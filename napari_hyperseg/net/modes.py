"""How the backward pass gets at the states of the forward pass."""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = ("reversible", "exact", "checkpoint", "store")


@dataclass(frozen=True)
class Mode:
    """How the backward pass gets at the states of the forward pass.

    Parameters
    ----------
    kind : {"reversible", "exact", "checkpoint", "store"}
        Recomputed from the last one, up to rounding; recomputed to the last bit (states on
        a grid); recomputed from copies that are kept at intervals; or all kept.
    interval : int, optional
        Layers between two copies, for "checkpoint".
    """

    kind: str = "reversible"
    interval: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Mode {self.kind!r} is unknown. Choose one of {', '.join(KINDS)}.")
        if (self.kind == "checkpoint") != (self.interval is not None):
            raise ValueError(
                f"Mode {self.kind!r} with interval {self.interval}: 'checkpoint', and no other, "
                "has an interval. Write it as checkpoint(4)."
            )
        if self.interval is not None and self.interval < 1:
            raise ValueError(
                f"An interval of {self.interval} layers is too short. Choose 1 or more."
            )

    @classmethod
    def parse(cls, text: str) -> Mode:
        """Read "reversible", "exact", "checkpoint(N)" or "store".

        Raises
        ------
        ValueError
            If it is none of these.
        """
        match = re.fullmatch(r"(\w+)(?:\((\d+)\))?", text.strip())
        if match is None:
            raise ValueError(f"Mode {text!r} is unknown. Choose one of {', '.join(KINDS)}.")
        return cls(match[1], int(match[2]) if match[2] else None)

    def __str__(self) -> str:
        return self.kind if self.interval is None else f"{self.kind}({self.interval})"
