"""The trained models of a project: which folders are models, and names for new ones.

Owns the layout of ``models/``; what is inside a model is the learning layer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from pathlib import Path

from napari_hyperseg.errors import ProjectError

WEIGHTS = "weights.safetensors"

_MODEL_ID = re.compile(r"(\d{8})-(\d{6})(?:-(\d+))?")


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


def find_model(models: Path, model_id: str | None = None) -> str:
    """Return a trained model's name; without one, the newest's.

    Raises
    ------
    ProjectError
        If there is no such model, or none at all.
    """
    trained = model_ids(models)
    if not trained:
        raise ProjectError("The project has no trained model yet. Run 'hyperseg train' first.")
    if model_id is not None and model_id not in trained:
        raise ProjectError(f"There is no model {model_id!r}; there are {', '.join(trained)}.")
    return model_id or trained[-1]


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
