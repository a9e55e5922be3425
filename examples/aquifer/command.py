"""The program: a scene, its map, the peers' maps, scores, and the files of all that."""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
from numpy.typing import NDArray

from examples.aquifer.figure import draw
from examples.aquifer.geotiff import Georeference
from examples.aquifer.holding_out import hold_out
from examples.aquifer.mapping import NETWORK, map_with_network, peer_maps, scores_of
from examples.aquifer.options import (
    PEER_STEPS,
    QUICK_PEER_STEPS,
    QUICK_SIZE,
    outputs,
    parse,
    settings,
    survey_files,
)
from examples.aquifer.parser import SIZE
from examples.aquifer.products import made_georeference, write_map, write_scene
from examples.aquifer.real_scene import read_scene
from examples.aquifer.scene import Scene, make_scene
from examples.aquifer.telling import captions, described, report, result
from examples.common.outcome import exit_status, speaker
from napari_hyperseg.learn.device import choose_device, prepare_process

NO_MEMORY = "there is not enough memory. Give a coarser grid with --like, or --window."


_say = speaker("aquifer_map")


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status; errors are one line on standard error."""
    return exit_status(lambda: _run(parse(arguments)), _say, NO_MEMORY)


def _run(given: argparse.Namespace) -> None:
    prepare_process()
    device = choose_device(given.device)
    started = time.monotonic()
    scene, grid = _scene(given)
    _say(described(scene))
    found = map_with_network(scene, settings(given), given.positions, device, _say)
    peers = _peers(given, scene)
    scores = scores_of(scene, {**peers, NETWORK: found.classes})
    draw(
        given.output, scene, found, *captions(scene, scores, None if given.channel else given.seed)
    )
    if given.output_tif:
        write_map(given.output_tif, scene, grid, found.classes, found.confidence)
    told = result if given.json else report
    sys.stdout.write(told(scene, found, scores, outputs(given), time.monotonic() - started))


def _peers(given: argparse.Namespace, scene: Scene) -> dict[str, NDArray[np.uint8]]:
    """Maps to compare with, where there is a truth to compare them by."""
    if not scene.scored.any():
        return {}
    steps = QUICK_PEER_STEPS if given.quick else PEER_STEPS
    return peer_maps(scene, given.positions, given.seed, steps, _say)


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
