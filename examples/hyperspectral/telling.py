"""What is said about a run: a line on the scene, the table of scores, or all of it as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from examples.hyperspectral.bands import Bands
from examples.hyperspectral.mapping import ChangeMap
from examples.hyperspectral.products import confidence_path
from examples.hyperspectral.scene import Scene
from examples.hyperspectral.scores import ChangeScores, table


def described(scene: Scene, bands: Bands) -> str:
    """Size, bands and labels of a scene."""
    rows, columns, sensed = scene.before.shape
    text = (
        f"{rows} x {columns} pixels, {sensed - len(bands.left_out)} of {sensed} bands hold data, "
        f"binned to {bands.before.shape[2]}; map of {scene.half_shape[0]} x "
        f"{scene.half_shape[1]}; labelled: {_labelled(scene)}"
    )
    without = 1 - bands.valid.mean()
    if without:
        text += f"; {without:.1%} of the map has no data and is left out"
    return text


def _labelled(scene: Scene) -> str:
    counts = [(scene.labels == code).sum() for code in range(1, scene.n_classes + 1)]
    return ", ".join(
        f"{count} {name}" for count, name in zip(counts, scene.class_names, strict=True)
    )


def captions(
    given: argparse.Namespace, scene: Scene, scores: dict[str, ChangeScores]
) -> tuple[str, str]:
    """Title and note of the figure."""
    source = "" if given.before else f"made scene, seed {given.seed}  ·  "
    note = f"{source}labelled points: {_labelled(scene)}"
    if scores:
        parts = [f"{name} {got.change_iou:.2f}" for name, got in reversed(scores.items())]
        note += "\nIoU of change on the rest: " + ", ".join(parts)
    return "Land-use change between two dates, from a few points", note


def tell(
    given: argparse.Namespace, scene: Scene, bands: Bands, found: ChangeMap,
    scores: dict[str, ChangeScores], seconds: float,
) -> None:  # fmt: skip
    """Print the scores, as a table or as JSON."""
    if given.json:
        result = _result(given, scene, bands, found, scores, seconds)
        sys.stdout.write(json.dumps(result) + "\n")
        return
    if scores:
        pixels = next(iter(scores.values())).pixels
        sys.stdout.write(f"Scores on {pixels} pixels of the map whose labels were not shown:\n\n")
        sys.stdout.write(table(scores) + "\n\n")
    sys.stdout.write(f"{given.output} written, {seconds:.0f} s.\n")


def _result(
    given: argparse.Namespace, scene: Scene, bands: Bands, found: ChangeMap,
    scores: dict[str, ChangeScores], seconds: float,
) -> dict[str, Any]:  # fmt: skip
    files = [given.output]
    if given.output_map:
        files += [given.output_map, confidence_path(given.output_map)]
    return {
        "made": not given.before,
        "seed": given.seed,
        "shape": list(scene.before.shape),
        "bands": bands.before.shape[2],
        "map_shape": list(scene.half_shape),
        "classes": {str(c): n for c, n in zip(scene.codes, scene.class_names, strict=True)},
        "labelled": int((scene.labels > 0).sum()),
        "valid_share": float(bands.valid.mean()),
        "parameters": found.parameters,
        "steps": found.steps,
        "training_seconds": round(found.seconds, 1),
        "seconds": round(seconds, 1),
        "scores": {name: asdict(got) for name, got in scores.items()},
        "files": [str(path) for path in files],
    }
