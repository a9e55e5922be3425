"""What the interpreter calls a model, and where it came from: a small file in its folder.

Owns that file and which names can be given; names are unique in a project.  ``model.json`` is
the learning layer's, which replaces it while it trains.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.learn.model_file import LONGEST_NAME, NAME
from napari_hyperseg.project.models import is_model_id
from napari_hyperseg.project.record import is_safe_name
from napari_hyperseg.survey.replacing import replacing


@dataclass(frozen=True)
class Naming:
    """What is said of a model.

    Parameters
    ----------
    name : str
        Given by the interpreter; empty: none.
    origin : str
        What its weights began with, in words; empty: nothing.
    """

    name: str = ""
    origin: str = ""


def read_naming(folder: Path) -> Naming:
    """Return what is said of a model; nothing where its file is missing or damaged."""
    try:
        said = json.loads((folder / NAME).read_text("utf-8"))
        naming = Naming(said.get("name", ""), said.get("origin", ""))
    except (OSError, ValueError, AttributeError, RecursionError):
        return Naming()
    texts = (naming.name, naming.origin)
    return naming if all(isinstance(text, str) for text in texts) else Naming()


def write_naming(folder: Path, naming: Naming) -> None:
    """Replace what is said of a model.

    Raises
    ------
    ProjectError
        If the folder cannot be written.
    """
    said = {"name": naming.name, "origin": naming.origin}
    try:
        with replacing(folder / NAME) as beside:
            beside.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written: {error.strerror}.") from error


def names_of(models: Path, ids: Iterable[str]) -> dict[str, str]:
    """Return the names that models have, by their ID; without those that have none."""
    named = ((model_id, read_naming(models / model_id).name) for model_id in ids)
    return {model_id: name for model_id, name in named if name}


def check_name(name: str, taken: Iterable[str]) -> str:
    """Return a name without spaces around it, if a model can have it.

    Raises
    ------
    ProjectError
        If it is empty, too long, has characters that files or the command line cannot take,
        looks like an ID, or another model has it.
    """
    name = name.strip()
    if not is_possible(name):
        raise ProjectError(
            f"{name!r} cannot be the name of a model: give 1 to {LONGEST_NAME} characters, no "
            r"/ \ : = and no dot at the beginning, and no date and time as IDs are."
        )
    if name.casefold() in {other.casefold() for other in taken}:
        raise ProjectError(f"There is a model called {name!r} already. Choose another name.")
    return name


def is_possible(name: str) -> bool:
    """Whether a model can have this name, if no other has it."""
    return (
        is_safe_name(name)
        and name.isprintable()
        and len(name) <= LONGEST_NAME
        and "=" not in name
        and not name.startswith("-")
        and not is_model_id(name)
    )


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name, with a number behind it if another model has it; empty stays empty."""
    others = {other.casefold() for other in taken}
    number, found = 1, name.strip()
    if not is_possible(found):
        return ""
    while found.casefold() in others:
        number += 1
        found = f"{name.strip()[: LONGEST_NAME - 5]} ({number})"
    return found


def rename(models: Path, model_id: str, name: str, ids: Iterable[str]) -> None:
    """Give a model a name; an empty one takes it away.

    Raises
    ------
    ProjectError
        If it cannot have it, or the folder cannot be written.
    """
    others = names_of(models, (other for other in ids if other != model_id))
    if name.strip():
        name = check_name(name, others.values())
    folder = models / model_id
    write_naming(folder, replace(read_naming(folder), name=name.strip()))
