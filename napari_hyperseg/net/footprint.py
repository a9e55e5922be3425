"""What a pass needs: bytes, by what they are for, and arithmetic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Footprint:
    """Peak memory of a pass in bytes, by what it is for, and its arithmetic.

    Parameters
    ----------
    data, states, kept, scratch, gradients, logits : int
        Bytes; `states` with their adjoints, `gradients` of the parameters.
    flops : int
        Floating point operations of the convolutions, with labels in every row.
    """

    data: int
    states: int
    kept: int
    scratch: int
    gradients: int
    logits: int
    flops: int

    @property
    def peak(self) -> int:
        """Bytes in all, beside the parameters."""
        beside = self.kept + self.scratch + self.gradients + self.logits
        return self.data + self.states + beside
