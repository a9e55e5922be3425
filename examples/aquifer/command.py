"""The program: a scene, its map, the peers' maps, scores, and the files of all that."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import asdict
from typing import Any

import numpy as np

from examples.aquifer.figure import draw
from examples.aquifer.geotiff import Georeference
from examples.aquifer.holding_out import hold_out
from examples.aquifer.mapping import NETWORK, AquiferMap, map_with_network, peer_maps, scores_of
from examples.aquifer.options import (
    PEER_STEPS,
    QUICK_PEER_STEPS,
    QUICK_SIZE,
    parse,
    settings,
    survey_files,
)
from examples.aquifer.products import confidence_path, made_georeference, write_map, write_scene
from examples.aquifer.real_scene import read_scene
from examples.aquifer.scene import Scene, make_scene
from examples.aquifer.scores import Scores, table
from napari_hyperseg.errors import HypersegError
from napari_hyperseg.learn.device import choose_device, prepare_process

SIZE = 512
FAILED, INTERRUPTED = 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status; errors are one line on standard error."""
    try:
        _run(parse(arguments))
    except HypersegError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename or 'file'}: {error.strerror or error}.")
    except KeyboardInterrupt:
        return _fail("interrupted.", INTERRUPTED)
    return 0


def _run(given: argparse.Namespace) -> None:
    prepare_process()
    device = choose_device(given.device)
    started = time.monotonic()
    scene, grid = _scene(given)
    _say(_described(scene))
    found = map_with_network(scene, settings(given), given.positions, device, _say)
    peer_steps = QUICK_PEER_STEPS if given.quick else PEER_STEPS
    peers = peer_maps(scene, given.positions, given.seed, peer_steps, _say)
    scores = scores_of(scene, {**peers, NETWORK: found.classes})
    draw(given.output, scene, found, *_captions(given, scene, scores))
    if given.output_tif:
        write_map(given.output_tif, scene, grid, found.classes, found.confidence)
    _tell(given, scene, found, scores, time.monotonic() - started)


def _scene(given: argparse.Namespace) -> tuple[Scene, Georeference]:
    if given.channel:
        scene, grid = read_scene(survey_files(given))
        return (hold_out(scene, given.hold_out, given.seed) if given.hold_out else scene), grid
    size = given.size or (QUICK_SIZE if given.quick else SIZE)
    _say(f"making a scene of {size} x {size} pixels, seed {given.seed}")
    scene = make_scene(size, given.seed)
    grid = made_georeference(scene)
    if given.write_scene:
        write_scene(given.write_scene, scene, grid)
    return scene, grid


def _described(scene: Scene) -> str:
    rows, columns = scene.shape
    text = (
        f"{len(scene.channels)} channels, {rows} x {columns} pixels of {scene.pixel_m:.4g} m, "
        f"{scene.n_classes} classes, {_labelled_share(scene):.1%} labelled"
    )
    without = 1 - scene.valid.mean()
    if without:
        text += f"; {without:.1%} lack data in some channel and are left out"
    return text


def _labelled_share(scene: Scene) -> float:
    return float(np.count_nonzero(scene.labels) / np.count_nonzero(scene.valid))


def _captions(
    given: argparse.Namespace, scene: Scene, scores: dict[str, Scores]
) -> tuple[str, str]:
    """Title and note of the figure."""
    source = "" if given.channel else f"made scene, seed {given.seed}  ·  "
    note = f"{source}{_labelled_share(scene):.1%} of the area is labelled"
    if scores:
        parts = [f"{name} {got.mean_iou:.2f}" for name, got in reversed(scores.items())]
        note += "  ·  mean IoU on the rest: " + ", ".join(parts)
    return "Aquifers from airborne grids and a partial map", note


def _tell(
    given: argparse.Namespace, scene: Scene, found: AquiferMap, scores: dict[str, Scores],
    seconds: float,
) -> None:  # fmt: skip
    """Print the scores, as a table or as JSON."""
    if given.json:
        sys.stdout.write(json.dumps(_result(given, scene, found, scores, seconds)) + "\n")
        return
    if scores:
        scored = next(iter(scores.values())).pixels
        sys.stdout.write(f"Scores on {scored} pixels whose labels were not shown:\n\n")
        sys.stdout.write(table(scores, scene.class_names) + "\n\n")
    sys.stdout.write(f"{given.output} written, {seconds:.0f} s.\n")


def _result(
    given: argparse.Namespace, scene: Scene, found: AquiferMap, scores: dict[str, Scores],
    seconds: float,
) -> dict[str, Any]:  # fmt: skip
    files = [given.output]
    if given.output_tif:
        files += [given.output_tif, confidence_path(given.output_tif)]
    return {
        "made": not given.channel,
        "seed": given.seed,
        "shape": list(scene.shape),
        "channels": list(scene.channels),
        "classes": {str(c): n for c, n in zip(scene.codes, scene.class_names, strict=True)},
        "labelled_share": _labelled_share(scene),
        "valid_share": float(scene.valid.mean()),
        "parameters": found.parameters,
        "steps": found.steps,
        "training_seconds": round(found.seconds, 1),
        "seconds": round(seconds, 1),
        "scores": {name: _without_nan(asdict(got)) for name, got in scores.items()},
        "files": [str(path) for path in files],
    }


def _without_nan(value: Any) -> Any:
    """JSON knows no NaN."""
    if isinstance(value, dict):
        return {name: _without_nan(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _fail(message: str, status: int = FAILED) -> int:
    _say(" ".join(message.split()))
    return status


def _say(message: str) -> None:
    sys.stderr.write(f"aquifer_map: {message}\n")
    sys.stderr.flush()
