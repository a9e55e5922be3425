"""The trained models of a project: which folders are models, and names for new ones.

Owns the layout of ``models/``; what is inside a model is the learning layer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path

from napari_hyperseg.errors import ProjectError

WEIGHTS = "weights.safetensors"

MODEL_ID = r"\d{8}-\d{6}(?:-\d+)?"
"""Pattern of their names: date and time, and a number for those of the same second."""

_MODEL_ID = re.compile(MODEL_ID)


def model_ids(models: Path) -> list[str]:
    """Return the trained models, newest last.

    A folder is a model when it is named by date and time, as `reserve_model_id` names them,
    and holds weights: a training that never saved any leaves none.
    """
    if not models.is_dir():
        return []
    return by_age(entry.name for entry in models.iterdir() if (entry / WEIGHTS).is_file())


def by_age(names: Iterable[str]) -> list[str]:
    """Return the names that are model names, newest last."""
    return sorted(filter(_MODEL_ID.fullmatch, names), key=_age)


def is_model_id(name: str) -> bool:
    """Whether a name is a date and time as `reserve_model_id` makes them."""
    return _MODEL_ID.fullmatch(name) is not None


def find_model(
    models: Path, wanted: str | None = None, names: Mapping[str, str] | None = None
) -> str:
    """Return the ID of a trained model, given its ID or name; without one, the newest's.

    Parameters
    ----------
    models : Path
    wanted : str, optional
    names : mapping, optional
        Names that the interpreter gave, by ID.

    Raises
    ------
    ProjectError
        If there is no such model, or none at all.
    """
    trained = model_ids(models)
    if not trained:
        raise ProjectError("The project has no trained model yet. Run 'hyperseg train' first.")
    if wanted is None or wanted in trained:
        return wanted or trained[-1]
    names = names or {}
    found = called(wanted, names)
    if found is None:
        raise ProjectError(f"There is no model {wanted!r}; there are {listed(trained, names)}.")
    return found


def called(name: str, names: Mapping[str, str]) -> str | None:
    """Return the ID of the model that has a name, capital letters or not; None: none has."""
    wanted = name.strip().casefold()
    return next((one for one, given in names.items() if given.casefold() == wanted), None)


def listed(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Return IDs and names in one line."""
    return ", ".join(f"{one} ({names[one]})" if one in names else one for one in ids)


def reserve_model_id(models: Path) -> str:
    """Make the folder of a new model and return its name, such as ``20261122-143005``.

    Making the folder is what makes the name unique, also between two processes.

    Raises
    ------
    ProjectError
        If the project cannot be written.
    """
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    for attempt in count(1):
        model_id = stamp if attempt == 1 else f"{stamp}-{attempt}"
        try:
            (models / model_id).mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise ProjectError(f"{models} cannot be written: {error.strerror}.") from error
        return model_id
    raise AssertionError("unreachable: count() does not end")


def _age(model_id: str) -> tuple[int, ...]:
    return tuple(int(part) for part in model_id.split("-"))
