"""The cases that the network benchmarks measure."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.net_cases import LAYERED, MODES, OURS, Case, flat
from napari_hyperseg.net.hyperbolic import Stage

LEVELS = (Stage(0, 2, 8), Stage(1, 2, 16), Stage(2, 4, 16), Stage(1, 2, 16), Stage(0, 2, 8))
F3 = (
    Stage(0, 2, 8), Stage(1, 3, 16), Stage(2, 3, 32), Stage(3, 10, 32),
    Stage(2, 3, 32), Stage(1, 3, 16), Stage(0, 6, 8),
)  # fmt: skip


def memory_cases(device: str, quick: bool) -> Iterator[Case]:
    """Depths at one size, sizes at one depth, and three levels, in every mode."""
    depths, size, sizes = ((2,), 24, (16,)) if quick else ((8, 32, 128), 96, (64, 128, 192))
    grid = [(layers, size) for layers in depths] + [(depths[0], other) for other in sizes]
    for layers, side in grid:
        for mode in (*OURS, *LAYERED):
            yield Case("one level", mode, flat(layers), side, device=device)
    yield Case("one level", "iunets", flat(depths[0]), size, device=device)
    for mode in MODES:
        yield Case("three levels", mode, LEVELS, 32 if quick else size, device=device)


def speed_cases(device: str, quick: bool) -> list[list[Case]]:
    """Groups of cases to be timed against each other."""
    small, size = (2, 24) if quick else (32, 96)
    layered = (*OURS, *LAYERED)
    return [
        [Case("one level", mode, flat(small), size, device=device) for mode in layered],
        [Case("one inline", mode, flat(small), size, device=device, section=0) for mode in layered],
        [
            Case("64 channels", mode, flat(small // 2, 16), size // 2, 64, device)
            for mode in layered
        ],
        [Case("three levels", mode, LEVELS, 32 if quick else 96, device=device) for mode in MODES],
    ]


def large_cases(device: str, size: int | None, f3: bool) -> Iterator[Case]:
    """Single cases that take minutes."""
    if size:
        yield Case("large", "reversible", LEVELS, size, 8, device, inference=False)
    if f3:
        yield Case("F3", "reversible", F3, 248, 12, device, inference=False)
