"""What the program says of a scene and its map: captions, a table, JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from examples.aquifer.mapping import AquiferMap
from examples.aquifer.scene import Scene
from examples.aquifer.scores import Scores, table


def described(scene: Scene) -> str:
    """Say what there is to learn from."""
    rows, columns = scene.shape
    text = (
        f"{len(scene.channels)} channels, {rows} x {columns} pixels of {scene.pixel_m:.4g} m, "
        f"{scene.n_classes} classes, {labelled_share(scene):.1%} labelled"
    )
    without = 1 - scene.valid.mean()
    if without:
        text += f"; {without:.1%} lack data in some channel and are left out"
    return text


def labelled_share(scene: Scene) -> float:
    """Share of the area with data that has labels."""
    return float(np.count_nonzero(scene.labels) / np.count_nonzero(scene.valid))


def captions(scene: Scene, scores: Mapping[str, Scores], seed: int | None) -> tuple[str, str]:
    """Title and note of the figure; a seed if the scene was made."""
    source = "" if seed is None else f"made scene, seed {seed}  ·  "
    note = f"{source}{labelled_share(scene):.1%} of the area is labelled"
    if scores:
        parts = [f"{name} {got.mean_iou:.2f}" for name, got in reversed(scores.items())]
        note += "  ·  mean IoU on the rest: " + ", ".join(parts)
    return "Aquifers from airborne grids and a partial map", note


def report(
    scene: Scene, found: AquiferMap, scores: Mapping[str, Scores], files: Sequence[Path],
    seconds: float,
) -> str:  # fmt: skip
    """Scores as a table, and what was written."""
    text = ""
    if scores:
        scored = next(iter(scores.values())).pixels
        text = f"Scores on {scored} pixels whose labels were not shown:\n\n"
        text += table(scores, scene.class_names) + "\n\n"
    return text + f"{', '.join(map(str, files))} written, {seconds:.0f} s.\n"


def result(
    scene: Scene, found: AquiferMap, scores: Mapping[str, Scores], files: Sequence[Path],
    seconds: float,
) -> str:  # fmt: skip
    """The same and more as one JSON object on a line."""
    told = {
        "shape": list(scene.shape),
        "channels": list(scene.channels),
        "classes": {str(c): n for c, n in zip(scene.codes, scene.class_names, strict=True)},
        "labelled_share": labelled_share(scene),
        "valid_share": float(scene.valid.mean()),
        "parameters": found.parameters,
        "steps": found.steps,
        "training_seconds": round(found.seconds, 1),
        "seconds": round(seconds, 1),
        "scores": {name: _without_nan(asdict(got)) for name, got in scores.items()},
        "files": [str(path) for path in files],
    }
    return json.dumps(told) + "\n"


def _without_nan(value: Any) -> Any:
    """JSON knows no NaN."""
    if isinstance(value, dict):
        return {name: _without_nan(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value
