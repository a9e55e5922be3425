"""The path of the wave through the resolutions: stages of layers, Haar steps between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Stage(NamedTuple):
    """Layers that follow each other on one level.

    Attributes
    ----------
    level : int
        Haar coarsenings since the input; negative where the wave is finer than it.
    layers : int
    hidden : int
        Rank m of each layer.
    """

    level: int
    layers: int
    hidden: int


Path = tuple[Stage, ...]


def valley(layers: Sequence[int], hidden: Sequence[int]) -> Path:
    """Go down to the coarsest level and up again, with as many layers either way.

    Parameters
    ----------
    layers : sequence of int
        Layers on each level, finest first; once on the last, coarsest one.
    hidden : sequence of int
        Rank on each level.

    Raises
    ------
    ValueError
        If there are no levels, or not as many ranks.
    """
    if not layers or len(layers) != len(hidden):
        raise ValueError(
            f"{len(layers)} levels have layers, {len(hidden)} a rank. Give as many of both."
        )
    down = [Stage(level, *pair) for level, pair in enumerate(zip(layers, hidden, strict=True))]
    return (*down, *reversed(down[:-1]))


def shallower(path: Path) -> Path | None:
    """Leave the coarsest level out; the stages on either side of it become one.

    None if that level is the input's or the output's.
    """
    coarsest = max(stage.level for stage in path)
    if coarsest in (path[0].level, path[-1].level):
        return None
    left: list[Stage] = []
    for stage in path:
        if left and stage.level == left[-1].level:
            before = left[-1]
            more = before.layers + stage.layers
            left[-1] = Stage(stage.level, more, max(before.hidden, stage.hidden))
        elif stage.level != coarsest:
            left.append(stage)
    return tuple(left)


def check(path: Path) -> None:
    """Refuse a path that cannot be walked.

    Raises
    ------
    ValueError
        If it is empty, does not begin at level 0, or jumps.
    """
    if not path:
        raise ValueError("The path has no stages. Give at least one.")
    if path[0].level != 0:
        raise ValueError(f"The path begins at level {path[0].level}. Begin at 0, the input's.")
    for before, after in pairwise(path):
        if abs(after.level - before.level) != 1:
            raise ValueError(
                f"The path goes from level {before.level} to {after.level}. "
                "Change the level by one between stages."
            )
    for stage in path:
        if stage.layers < 0 or stage.hidden < 1:
            raise ValueError(f"{stage} is no stage. Give it layers >= 0 and hidden >= 1.")
