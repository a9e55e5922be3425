"""What an import dialog says about a horizon file: pure functions to short lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.horizon_import import ImportItem


def facts(item: ImportItem, geometry: Geometry) -> dict[str, str]:
    """Return what is found in a file, by title; dashes before it is read."""
    preview, picks = item.preview, item.picks
    found = dict.fromkeys(("format", "picks", "inlines", "crosslines", "range"), "-")
    if preview is not None:
        found["format"] = f"{preview.format_name} ({preview.certainty})"
    if preview is None or picks is None or preview.z_range is None:
        return found
    there = np.isfinite(picks.values)
    share = there.sum() / max(1, geometry.live_mask.sum())
    outside = f", {preview.n_outside:,} elsewhere" if preview.n_outside else ""
    low, high = preview.z_range
    return found | {
        "picks": f"{preview.n_inside:,} on the survey{outside}; {share:.0%} of its traces",
        "inlines": _extent(geometry.inlines[there.any(axis=1)]),
        "crosslines": _extent(geometry.crosslines[there.any(axis=0)]),
        "range": f"{low:.6g} - {high:.6g} {preview.survey_unit}",
    }


def doubts(item: ImportItem) -> str:
    """Return what is not sure, or why the file cannot be imported; a line each."""
    lines = [item.problem] if item.problem else []
    if item.preview is not None:
        lines += item.preview.warnings
    return "\n".join(lines)


def state_text(item: ImportItem) -> str:
    """Return one word on a file: for lists."""
    if item.pending:
        return "reading"
    if not item.ready:
        return "does not fit"
    return "check" if item.doubtful else "fits"


def _extent(lines: NDArray[np.int64]) -> str:
    return f"{lines.min()} - {lines.max()} ({len(lines)})" if len(lines) else "-"
