"""What the command line asks for: which options make sense together, and what they mean."""

from __future__ import annotations

import argparse
from pathlib import Path

from examples.aquifer.failure import AquiferError
from examples.aquifer.learning import Settings
from examples.aquifer.orientation import Augmentation
from examples.aquifer.parser import parser
from examples.aquifer.products import confidence_path
from examples.aquifer.real_scene import SurveyFiles

QUICK_SIZE, QUICK_STEPS, QUICK_WINDOW = 128, 40, 96
PEER_STEPS, QUICK_PEER_STEPS = 600, 60


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Parse and check the arguments.

    Raises
    ------
    AquiferError
        If they make no sense.
    """
    given = parser().parse_args(arguments)
    _check_source(given)
    _check_outputs(given)
    return given


def _check_source(given: argparse.Namespace) -> None:
    """Either a made scene or files, with the options of that one."""
    if bool(given.channel) != bool(given.labels):
        raise AquiferError("Give --channel NAME=FILE and --labels FILE together, or neither.")
    if not given.channel and (given.truth or given.like or given.hold_out or given.class_name):
        raise AquiferError(
            "--truth, --like, --hold-out and --class-name go with --channel and --labels."
        )
    if given.channel and (given.write_scene or given.size):
        raise AquiferError("--size and --write-scene are for the made scene: leave --channel away.")
    if given.truth and given.hold_out:
        raise AquiferError("Give --truth or --hold-out, not both.")


def _check_outputs(given: argparse.Namespace) -> None:
    """Files that can be written, and none that is read."""
    read = [given.labels, given.truth, given.like]
    read += [Path(text.partition("=")[2]) for text in given.channel]
    inputs = {path.resolve() for path in read if path is not None}
    written = {given.output: (".png",)}
    if given.output_tif is not None:
        written |= dict.fromkeys(outputs(given)[1:], (".tif", ".tiff"))
    if given.write_scene is not None and given.write_scene.is_file():
        raise AquiferError(f"{given.write_scene} is a file. Give a folder for the scene.")
    for path, endings in written.items():
        if path.suffix.lower() not in endings:
            raise AquiferError(f"{path} does not end in {endings[0]}. Name it so.")
        if not path.parent.is_dir():
            raise AquiferError(f"There is no folder {path.parent}. Make it first.")
        if path.is_dir():
            raise AquiferError(f"{path} is a folder. Give a file name.")
        if path.resolve() in inputs:
            raise AquiferError(f"{path} would be overwritten. Give another name for the output.")


def outputs(given: argparse.Namespace) -> list[Path]:
    """The files that a run leaves: the figure, and perhaps the map and its confidence."""
    if given.output_tif is None:
        return [given.output]
    return [given.output, given.output_tif, confidence_path(given.output_tif)]


def survey_files(given: argparse.Namespace) -> SurveyFiles:
    """Say which files to read."""
    channels: dict[str, Path] = {}
    for text in given.channel:
        name, path = _name_and_value(text, "--channel", "NAME=FILE.tif")
        if name in channels:
            raise AquiferError(f"Channel {name} is given twice. Give each its own name.")
        channels[name] = Path(path)
    names = {}
    for text in given.class_name:
        code, name = _name_and_value(text, "--class-name", "CODE=NAME")
        if not code.isdecimal():
            raise AquiferError(f"--class-name {text}: {code} is no code. Write it as 2=sand.")
        names[int(code)] = name
    return SurveyFiles(channels, given.labels, given.truth, given.like, names)


def settings(given: argparse.Namespace) -> Settings:
    """Say how to train."""
    usual = Settings()
    return Settings(
        steps=given.steps or (QUICK_STEPS if given.quick else usual.steps),
        minutes=given.minutes,
        window=given.window or (QUICK_WINDOW if given.quick else usual.window),
        augmentation=Augmentation(given.augment),
        seed=given.seed,
    )


def _name_and_value(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise AquiferError(f"{option} {text}: write it as {form}.")
    return name, value
