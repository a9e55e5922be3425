"""The program: a scene, its change map, the peers' maps, scores, and the files of all that."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from examples.common.outcome import exit_status, speaker
from examples.hyperspectral.bands import Bands, prepare_bands
from examples.hyperspectral.figure import draw
from examples.hyperspectral.mapping import (
    NETWORK,
    VECTORS,
    map_with_network,
    peer_maps,
)
from examples.hyperspectral.options import (
    bands_wanted,
    made_size,
    parse,
    scene_files,
    settings,
)
from examples.hyperspectral.points import check_labels, draw_points, hold_out, keep
from examples.hyperspectral.products import write_map, write_scene
from examples.hyperspectral.real_scene import read_scene
from examples.hyperspectral.scene import Scene
from examples.hyperspectral.scores import score_maps
from examples.hyperspectral.synthetic import synthetic_scene
from examples.hyperspectral.telling import captions, described, tell
from napari_hyperseg.learn.device import choose_device, prepare_process

NO_MEMORY = "there is too little memory. Choose fewer bands, or cut the cubes."
PEER_BANDS = 32  # they are better with more bands than the network needs


_say = speaker("hyperspectral_change")


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status; errors are one line on standard error."""
    return exit_status(lambda: _run(parse(arguments)), _say, NO_MEMORY)


def _run(given: argparse.Namespace) -> None:
    prepare_process()
    device = choose_device(given.device)
    started = time.monotonic()
    scene = _scene(given)
    bands = prepare_bands(scene, bands_wanted(given))
    scene = _labelled_scene(given, scene, bands)
    if given.write_scene:
        write_scene(given.write_scene, scene)
    _say(described(scene, bands))
    found = map_with_network(scene, bands, settings(given), device, _say)
    fine = prepare_bands(scene, min(PEER_BANDS, scene.before.shape[2] - len(bands.left_out)))
    maps = {**peer_maps(scene, fine), NETWORK: found.classes}
    scores = score_maps(scene, bands.valid, maps, (VECTORS,))
    draw(given.output, scene, bands, found, *captions(given, scene, scores))
    if given.output_map:
        write_map(given.output_map, scene, found.classes, found.confidence)
    tell(given, scene, bands, found, scores, time.monotonic() - started)


def _scene(given: argparse.Namespace) -> Scene:
    """Read or make a scene."""
    if given.before:
        return read_scene(scene_files(given))
    size = made_size(given)
    _say(f"making a scene of {size[0]} x {size[1]} pixels, seed {given.seed}")
    return synthetic_scene(size, seed=given.seed, kinds=given.kinds)


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
