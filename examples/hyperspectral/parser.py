"""The arguments of the command line, one by one, and their help."""

from __future__ import annotations

import argparse
from pathlib import Path

from examples.common.arguments import OneLineParser, between
from examples.hyperspectral.arrays import Source
from examples.hyperspectral.learning import Settings
from examples.hyperspectral.synthetic import SMALLEST

SIZE, BANDS, POINTS = (96, 96), 8, 25
LARGEST_SIZE = 4096


def argument_parser() -> OneLineParser:
    """Make the parser."""
    parser = OneLineParser(
        prog="hyperspectral_change",
        description="Map land-use change between two dates of a hyperspectral scene, at half "
        "resolution and from a few labelled points, with the fully invertible hyperbolic "
        "network. Without files, it makes a scene of its own.",
    )
    _add_scene(parser.add_argument_group("the made scene"))
    _add_files(parser.add_argument_group("your own scene"))
    _add_training(parser.add_argument_group("training"))
    _add_output(parser.add_argument_group("output"))
    return parser


def _add_scene(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--size", type=between(int, SMALLEST, LARGEST_SIZE), nargs=2, metavar=("ROWS", "COLUMNS"),
        help=f"({SIZE[0]} {SIZE[1]})",
    )  # fmt: skip
    group.add_argument("--kinds", action="store_true", help="tell five kinds of change apart")
    group.add_argument("--write-scene", type=Path, metavar="FILE.mat", help="to try your own on")


def _add_files(group: argparse._ArgumentGroup) -> None:
    form = "FILE[:NAME]"
    group.add_argument(
        "--before", type=Source.parse, metavar=form,
        help="rows x columns x wavelengths: a .mat file of any version and the variable's name, "
        "an ENVI header or raw file, or .npy",
    )  # fmt: skip
    group.add_argument("--after", type=Source.parse, metavar=form, help="the same, later")
    group.add_argument(
        "--labels", type=Source.parse, metavar=form,
        help="codes of a few points: an image, of the cubes' size or half of it, or a .csv of "
        "row,column,code, where rows and columns are the cubes', from 0",
    )  # fmt: skip
    group.add_argument(
        "--truth", type=Source.parse, metavar=form,
        help="an image of codes to score with; points are drawn from it if there are no labels",
    )  # fmt: skip
    group.add_argument(
        "--unknown", type=_code_or_none, default=0, metavar="CODE",
        help="code that says nothing in images (0), or none",
    )  # fmt: skip
    code = between(int, 0, 65_535)
    group.add_argument("--unchanged", type=code, metavar="CODE", help="of no change (the lowest)")
    group.add_argument(
        "--class-name", action="append", default=[], metavar="CODE=NAME", help="repeat it"
    )
    group.add_argument(
        "--hold-out", type=between(float, 0.01, 0.9), metavar="SHARE",
        help="set this share of the labels aside to score with",
    )  # fmt: skip


def _add_training(group: argparse._ArgumentGroup) -> None:
    whole = between(int, 1, 1_000_000)
    group.add_argument(
        "--points", type=whole, default=POINTS, metavar="N",
        help=f"labelled points of each class, drawn from the truth ({POINTS})",
    )  # fmt: skip
    group.add_argument(
        "--bands", type=_bands, metavar="N", help=f"bins of neighbouring bands ({BANDS}), or all"
    )
    group.add_argument("--steps", type=whole, metavar="N", help=f"({Settings().steps})")
    group.add_argument(
        "--members", type=between(int, 1, 100), metavar="N",
        help=f"networks that are trained and averaged ({Settings().members})",
    )  # fmt: skip
    group.add_argument(
        "--minutes", type=between(float, 0.01, 10_000), metavar="M", help="at most, each network"
    )
    group.add_argument("--width", type=between(int, 2, 256), metavar="N", help="channels")
    group.add_argument("--rank", type=between(int, 1, 256), metavar="M", help="hidden channels")
    group.add_argument("--seed", type=between(int, 0, 2**32 - 1), default=0, metavar="N")
    group.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    group.add_argument(
        "--paper", action="store_true",
        help="the paper's network, 18 layers on all bands, and a made scene of its size: "
        "for a GPU",
    )  # fmt: skip


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--output", type=Path, default=Path("hyperspectral_change.png"), metavar="FILE.png"
    )
    group.add_argument(
        "--output-map", type=Path, metavar="FILE.npy",
        help="the map in codes; its confidence goes beside it, to FILE_confidence.npy",
    )  # fmt: skip
    group.add_argument("--json", action="store_true", help="one object on standard output")


def _code_or_none(text: str) -> int | None:
    return None if text == "none" else int(between(int, 0, 65_535)(text))


def _bands(text: str) -> int | str:
    return "all" if text == "all" else int(between(int, 1, 100_000)(text))
