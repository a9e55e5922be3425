"""What an import dialog says of labels: pure functions to short lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.label_import import ImportLook

FACTS = ("found", "labels", "inlines", "crosslines")


def facts(look: ImportLook, geometry: Geometry) -> dict[str, str]:
    """Return what would be labelled, by the titles of `FACTS`."""
    tally = look.examined.tally
    share = tally.traces / max(1, int(geometry.live_mask.sum()))
    return {
        "found": look.examined.plan.found,
        "labels": f"{tally.total:,} voxels on {_plural(tally.traces, 'trace')}, {share:.1%} of all",
        "inlines": _extent(geometry.inlines[tally.on.any(axis=1)]),
        "crosslines": _extent(geometry.crosslines[tally.on.any(axis=0)]),
    }


def notes(look: ImportLook) -> str:
    """Return what is not sure or left out; a line each."""
    return "\n".join(look.examined.plan.notes) or "Nothing is in doubt, nothing is left out."


def _extent(lines: NDArray[np.int64]) -> str:
    if len(lines) <= 3:
        return ", ".join(map(str, lines))
    return f"{lines.min()} - {lines.max()} ({len(lines)})"


def _plural(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
