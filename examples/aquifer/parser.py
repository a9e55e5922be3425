"""The command line of the aquifer map: its options, and the numbers they take."""

from __future__ import annotations

import argparse
from pathlib import Path

from examples.aquifer.learning import Settings
from examples.aquifer.orientation import Augmentation
from examples.common.arguments import OneLineParser, between

SMALLEST_SIZE, LARGEST_SIZE = 96, 4096
SIZE = 384


def parser() -> OneLineParser:
    """Make the parser."""
    made = OneLineParser(
        prog="aquifer_map",
        description="Map aquifers from airborne grids and a partial map, with the fully "
        "invertible hyperbolic network. Without files, it makes a scene of its own.",
    )
    _add_scene(made.add_argument_group("the made scene"))
    _add_files(made.add_argument_group("your own grids"))
    _add_training(made.add_argument_group("training"))
    _add_output(made.add_argument_group("output"))
    return made


def _add_scene(group: argparse._ArgumentGroup) -> None:
    size = between(int, SMALLEST_SIZE, LARGEST_SIZE)
    group.add_argument("--size", type=size, metavar="N", help=f"rows and columns ({SIZE})")
    group.add_argument("--write-scene", type=Path, metavar="FOLDER", help="as GeoTIFFs, too")
    group.add_argument("--quick", action="store_true", help="small and short, to try it")


def _add_files(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--channel", action="append", default=[], metavar="NAME=FILE.tif",
        help="a GeoTIFF, first band; repeat it; a channel named elevation is also shaded relief",
    )  # fmt: skip
    group.add_argument("--labels", type=Path, metavar="FILE.tif", help="codes; 0 = unknown")
    group.add_argument("--truth", type=Path, metavar="FILE.tif", help="codes, to score with")
    group.add_argument("--like", type=Path, metavar="FILE.tif", help="grid of the map")
    group.add_argument(
        "--hold-out", type=between(float, 0.01, 0.9), metavar="SHARE",
        help="set this share of the labels aside to score with",
    )  # fmt: skip
    group.add_argument(
        "--class-name", action="append", default=[], metavar="CODE=NAME", help="repeat it"
    )


def _add_training(group: argparse._ArgumentGroup) -> None:
    whole = between(int, 1, 1_000_000)
    usual = Settings()
    group.add_argument("--steps", type=whole, metavar="N", help=f"of training ({usual.steps})")
    group.add_argument("--minutes", type=between(float, 0.01, 10_000), metavar="M", help="at most")
    group.add_argument(
        "--window", type=between(int, 32, 4096), metavar="N",
        help=f"side of what is shown in a step, in pixels ({usual.window})",
    )  # fmt: skip
    group.add_argument("--seed", type=between(int, 0, 2**32 - 1), default=0, metavar="N")
    group.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    group.add_argument(
        "--augment", choices=[way.value for way in Augmentation], default="all",
        help="orientations to learn from: all eight; mirrors keep the direction of flight "
        "lines; none for a magnetic field that is not reduced to the pole",
    )  # fmt: skip
    group.add_argument("--positions", action="store_true", help="row and column as channels")


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--output", type=Path, default=Path("aquifer_map.png"), metavar="FILE.png")
    group.add_argument(
        "--output-tif", type=Path, metavar="FILE.tif",
        help="the map; its confidence goes beside it, to FILE_confidence.tif",
    )  # fmt: skip
    group.add_argument("--json", action="store_true", help="one object on standard output")
