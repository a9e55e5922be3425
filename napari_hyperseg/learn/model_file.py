"""A model as one file that can be handed on: a zip of weights, card, name and legend.

Owns the format, and the check of a file that somebody else made: only known entries, stored as
they are, no larger than the network they describe.  Nothing in it can run.  Knows no torch.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from napari_hyperseg.errors import LabelError, ModelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.learn.card import CARD, WEIGHTS, ModelCard, card_bytes, portable
from napari_hyperseg.learn.weights_header import check_weights, longest_file
from napari_hyperseg.survey.replacing import replacing

NAME, LEGEND = "name.json", "legend.json"
SUFFIX = ".zip"
FORMAT = "napari-hyperseg model 1"
LONGEST_JSON = 2**18  # bytes
LONGEST_NAME = 60
_ENTRIES = (CARD, NAME, LEGEND, WEIGHTS)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same model makes the same file


@dataclass(frozen=True)
class HandedOn:
    """What a file says of its model.

    Parameters
    ----------
    name : str
        What it was called; may be empty.
    legend : Legend
        Its classes, with their codes.
    card : ModelCard
    """

    name: str
    legend: Legend
    card: ModelCard


def write_model_file(path: Path, folder: Path, name: str, legend: Legend) -> None:
    """Write a model's weights, card, name and legend into a file, replaced as a whole.

    Raises
    ------
    ModelError
        If the model cannot be read or the file not written.
    """
    try:
        card = portable(json.loads((folder / CARD).read_text("utf-8")))
        parts = {
            CARD: card_bytes(card),
            NAME: card_bytes({"format": FORMAT, "name": name}),
            LEGEND: card_bytes({"classes": legend.to_json()}),
        }
        with replacing(path) as beside, ZipFile(beside, "w", ZIP_STORED) as file:
            for entry, content in parts.items():
                file.writestr(ZipInfo(entry, _EPOCH), content)
            large = file.open(ZipInfo(WEIGHTS, _EPOCH), "w", force_zip64=True)
            with (folder / WEIGHTS).open("rb") as weights, large:
                shutil.copyfileobj(weights, large)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder}: the model's card cannot be read. Train a new one.") from error
    except OSError as error:
        where = error.filename or path
        raise ModelError(f"{where}: cannot be written or read, {error.strerror}.") from error


def read_model_file(path: Path, folder: Path | None = None) -> HandedOn:
    """Check a file, and write its card and weights into a folder.

    Parameters
    ----------
    path : Path
    folder : Path, optional
        An empty folder; None: the weights are not looked at.

    Returns
    -------
    HandedOn

    Raises
    ------
    ModelError
        If it is missing, no file as `write_model_file` makes it, or cannot be written there.
    """
    try:
        with ZipFile(path) as file:
            return _Opened(file, path.stat().st_size).read(folder)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: there is no such file.") from error
    except ModelError as error:
        raise ModelError(f"{path} is no model that can be used: {error}.") from error
    except (BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise ModelError(
            f"{path} is no exported model: it is no zip file, or damaged. Export it again."
        ) from error
    except (OSError, RuntimeError) as error:
        raise ModelError(f"{path}: cannot be read, {error}.") from error


class _Opened:
    """A file under check."""

    def __init__(self, file: ZipFile, size: int) -> None:
        self._file = file
        entries = file.infolist()
        if sorted(entry.filename for entry in entries) != sorted(_ENTRIES):
            raise ModelError(f"it must hold {', '.join(_ENTRIES)}, each once, and nothing else")
        self._entries = {entry.filename: entry for entry in entries}
        for name, entry in self._entries.items():
            if entry.compress_type != ZIP_STORED or entry.flag_bits & 1:
                raise ModelError(f"{name} is compressed or encrypted")
            if entry.compress_size != entry.file_size:
                raise ModelError(f"{name} has two sizes")
        if sum(entry.file_size for entry in entries) > size:
            raise ModelError("its parts are larger than the file")

    def read(self, folder: Path | None) -> HandedOn:
        content = self._bytes(CARD)
        card = ModelCard(content)
        found = HandedOn(_name(self._json(NAME)), _legend(self._json(LEGEND)), card)
        if found.legend.n_classes != card.network.n_classes:
            raise ModelError(
                f"its network has {card.network.n_classes} classes, its legend "
                f"{found.legend.n_classes}"
            )
        if self._entries[WEIGHTS].file_size > longest_file(card.parameters):
            raise ModelError(f"{WEIGHTS} is larger than the network")
        if folder is not None:
            (folder / CARD).write_bytes(content)
            with self._file.open(WEIGHTS) as source, (folder / WEIGHTS).open("wb") as target:
                shutil.copyfileobj(source, target)
            check_weights(folder / WEIGHTS, card.shapes())
        return found

    def _bytes(self, name: str) -> bytes:
        if self._entries[name].file_size > LONGEST_JSON:
            raise ModelError(f"{name} is larger than {LONGEST_JSON} bytes")
        return self._file.read(name)

    def _json(self, name: str) -> Mapping[str, Any]:
        try:
            content = json.loads(self._bytes(name))
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{name} is not JSON") from error
        if not isinstance(content, dict):
            raise ModelError(f"{name} is not a JSON object")
        return content


def _name(content: Mapping[str, Any]) -> str:
    if content.get("format") != FORMAT or set(content) != {"format", "name"}:
        raise ModelError(f"{NAME} does not say {FORMAT!r}: update napari-hyperseg")
    name = content["name"]
    if not isinstance(name, str) or len(name) > LONGEST_NAME or not name.isprintable():
        raise ModelError(f"{NAME} holds no name of up to {LONGEST_NAME} characters")
    return name


def _legend(content: Mapping[str, Any]) -> Legend:
    classes = content.get("classes")
    if set(content) != {"classes"} or not isinstance(classes, list) or len(classes) > 255:
        raise ModelError(f"{LEGEND} holds no list of classes")
    try:
        return Legend.from_json(classes)
    except LabelError as error:
        raise ModelError(f"{LEGEND}: {str(error).rstrip('.')}") from error
