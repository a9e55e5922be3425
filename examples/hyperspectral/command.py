"""The program: a scene, its change map, the peers' maps, scores, and the files of all that."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, replace
from typing import Any

from examples.hyperspectral.bands import Bands, prepare_bands
from examples.hyperspectral.figure import draw
from examples.hyperspectral.mapping import (
    NETWORK,
    VECTORS,
    ChangeMap,
    map_with_network,
    peer_maps,
)
from examples.hyperspectral.options import (
    PAPER_SIZE,
    SIZE,
    bands_wanted,
    parse,
    scene_files,
    settings,
)
from examples.hyperspectral.points import check_labels, draw_points, hold_out, keep
from examples.hyperspectral.products import confidence_path, write_map, write_scene
from examples.hyperspectral.real_scene import read_scene
from examples.hyperspectral.scene import Scene
from examples.hyperspectral.scores import ChangeScores, score_maps, table
from examples.hyperspectral.synthetic import synthetic_scene
from napari_hyperseg.errors import HypersegError
from napari_hyperseg.learn.device import choose_device, prepare_process

FAILED, INTERRUPTED = 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status; errors are one line on standard error."""
    try:
        _run(parse(arguments))
    except HypersegError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename or 'file'}: {error.strerror or error}.")
    except MemoryError:
        return _fail("there is too little memory. Choose fewer bands, or cut the cubes.")
    except KeyboardInterrupt:
        return _fail("interrupted.", INTERRUPTED)
    return 0


def _run(given: argparse.Namespace) -> None:
    prepare_process()
    device = choose_device(given.device)
    started = time.monotonic()
    scene = _scene(given)
    bands = prepare_bands(scene, bands_wanted(given))
    scene = _labelled_scene(given, scene, bands)
    if given.write_scene:
        write_scene(given.write_scene, scene)
    _say(_described(scene, bands))
    found = map_with_network(scene, bands, settings(given), device, _say)
    maps = {**peer_maps(scene, bands), NETWORK: found.classes}
    scores = score_maps(scene, bands.valid, maps, (VECTORS,))
    draw(given.output, scene, bands, found, *_captions(given, scene, scores))
    if given.output_map:
        write_map(given.output_map, scene, found.classes, found.confidence)
    _tell(given, scene, bands, found, scores, time.monotonic() - started)


def _scene(given: argparse.Namespace) -> Scene:
    """Read or make a scene."""
    if given.before:
        return read_scene(scene_files(given))
    size = given.size or (PAPER_SIZE if given.paper else SIZE)
    _say(f"making a scene of {size[0]} x {size[1]} pixels, seed {given.seed}")
    return synthetic_scene(tuple(size), seed=given.seed, kinds=given.kinds)


def _labelled_scene(given: argparse.Namespace, scene: Scene, bands: Bands) -> Scene:
    """Draw points if there are no labels; leave those out that lie where there is no data."""
    truth = None if scene.truth is None else keep(scene.truth, bands.valid)
    if scene.labels is None and truth is not None:
        labels = draw_points(truth, scene.class_names, given.points, given.seed)
        return replace(scene, labels=labels, truth=truth)
    labels = keep(scene.labels, bands.valid)
    check_labels(labels, scene.class_names)
    if given.hold_out:
        labels, truth = hold_out(labels, given.hold_out, given.seed)
    return replace(scene, labels=labels, truth=truth)


def _described(scene: Scene, bands: Bands) -> str:
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


def _captions(
    given: argparse.Namespace, scene: Scene, scores: dict[str, ChangeScores]
) -> tuple[str, str]:
    """Title and note of the figure."""
    source = "" if given.before else f"made scene, seed {given.seed}  ·  "
    note = f"{source}labelled points: {_labelled(scene)}"
    if scores:
        parts = [f"{name} {got.change_iou:.2f}" for name, got in reversed(scores.items())]
        note += "\nIoU of change on the rest: " + ", ".join(parts)
    return "Land-use change between two dates, from a few points", note


def _tell(
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


def _fail(message: str, status: int = FAILED) -> int:
    _say(" ".join(message.split()))
    return status


def _say(message: str) -> None:
    sys.stderr.write(f"hyperspectral_change: {message}\n")
    sys.stderr.flush()
