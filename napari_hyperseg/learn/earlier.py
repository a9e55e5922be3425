"""What earlier versions wrote of how much the network counts: its weight beside tracking's."""

from __future__ import annotations

from typing import Any


def share_of(weight: float) -> float:
    """Share of the network in what counts, where tracking has weight 1."""
    return weight / (1 + weight)


def with_balance(said: Any) -> Any:
    """Return a record with its `balance`, where it has a `correction` instead."""
    if not isinstance(said, dict) or "correction" not in said:
        return said
    fields = dict(said)
    weight = fields.pop("correction")
    return fields | {"balance": share_of(weight) if isinstance(weight, int | float) else weight}
