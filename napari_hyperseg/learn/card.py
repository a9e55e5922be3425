"""What ``model.json`` may say in a file that somebody else made: kinds, limits, sizes.

Owns the check of a model's card before anything is computed from it.  Knows no torch: the
window and the command line ask it, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from napari_hyperseg.errors import ModelError
from napari_hyperseg.learn.earlier import share_of
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.path import valley

FORMAT_VERSION = 5
WEIGHTS, CARD = "weights.safetensors", "model.json"
MOST_PARAMETERS = 2**28  # a GiB of weights; the largest network tried here has 57 million
MOST_CHANNELS = 2**16  # of the coarsest state

Count = Annotated[int, Field(ge=0, le=4096)]
Level = Annotated[int, Field(ge=-6, le=6)]
Milliseconds = Annotated[float, Field(ge=-1e7, le=1e7)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Network(_Record):
    in_channels: Annotated[int, Field(ge=1, le=1024)]
    n_classes: Annotated[int, Field(ge=2, le=255)]
    width: Annotated[int, Field(ge=1, le=4096)]
    path: Annotated[tuple[tuple[Level, Count, Count], ...], Field(min_length=1, max_length=64)]
    axes: Annotated[tuple[Annotated[int, Field(ge=0, le=2)], ...], Field(max_length=3)]
    step_size: Annotated[float, Field(gt=0, le=10)]
    activation: Literal["relu", "tanh"]
    dimensions: Literal[3]
    map_axis: None = None


class _Encoding(_Record):
    start_ms: Milliseconds
    stop_ms: Milliseconds
    octaves: Annotated[int, Field(ge=0, le=16)]
    times: bool = True


class _Card(_Record):
    format: Literal[5]
    network: _Network
    encoding: _Encoding
    step: Annotated[int, Field(ge=0)]
    balance: Annotated[float, Field(ge=0, le=1)] = 0.0
    held_out_patches: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    label_revisions: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


class ModelCard:
    """A card that makes a network of a size that can be asked for.

    Parameters
    ----------
    content : bytes
        Of ``model.json``.

    Attributes
    ----------
    network : NetConfig
    encoding : InputEncoding

    Raises
    ------
    ModelError
        If something is missing, unknown, of another kind, too large, or does not fit together.
    """

    def __init__(self, content: bytes) -> None:
        try:
            record = _Card.model_validate_json(content, strict=True)
            self.network = NetConfig(**record.network.model_dump())
        except ValidationError as error:
            raise ModelError(f"{CARD}: {_first(error)}") from error
        except ValueError as error:
            raise ModelError(f"{CARD}: {error}") from error
        self.encoding = InputEncoding(**record.encoding.model_dump())
        self._check()

    def _check(self) -> None:
        encoding, network = self.encoding, self.network
        if encoding.n_channels != network.in_channels:
            raise ModelError(
                f"{CARD}: its encoding has {encoding.n_channels} channels, its network "
                f"{network.in_channels}"
            )
        if not encoding.stop_ms > encoding.start_ms:
            raise ModelError(
                f"{CARD}: it spans no time, {encoding.start_ms:g} to {encoding.stop_ms:g} ms"
            )
        widest = max(network.channels(stage.level) for stage in network.path)
        if widest > MOST_CHANNELS or self.parameters > MOST_PARAMETERS:
            raise ModelError(
                f"{CARD}: a network of {self.parameters} weights on {widest} channels is too large"
            )

    @property
    def parameters(self) -> int:
        """Number of weights."""
        taps, network = 3**self.network.dimensions, self.network
        return sum(
            stage.layers * stage.hidden * (taps * network.channels(stage.level) + 1)
            for stage in network.path
        )

    def shapes(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Name and shape of every tensor of weights."""
        taps, number = (3,) * self.network.dimensions, 0
        for stage in self.network.path:
            for _ in range(stage.layers):
                yield f"kernels.{number}", (stage.hidden, self.network.channels(stage.level), *taps)
                yield f"biases.{number}", (stage.hidden,)
                number += 1


def portable(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return a card in today's format, without what belongs to the survey of the training."""
    network = dict(card["network"])
    if "layers" in network:  # format 1
        network["path"] = valley(network.pop("layers"), network.pop("hidden"))
    return {
        "format": FORMAT_VERSION,
        "network": network,
        "encoding": encoding_fields(card["encoding"]),
        "step": card["step"],
        "balance": balance_of(card),
    }


def encoding_fields(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a card of any format says of the encoding.

    Raises
    ------
    ValueError
        If the network saw tracked boundaries, as those of formats 2 and 3 could.
    """
    fields = dict(said)
    if fields.pop("prior_classes", 0):
        raise ValueError("it saw tracked boundaries, which networks no longer do")
    return fields


def balance_of(said: Mapping[str, Any]) -> float:
    """Share of the network in what counts; up to format 4, the weight beside what is expected."""
    if said["format"] >= 5:
        return float(said["balance"])
    return share_of(float(said.get("gate", 0.0)))


def card_bytes(card: Mapping[str, Any]) -> bytes:
    """Return a card as it is written."""
    return json.dumps(card, indent=1).encode() + b"\n"


def _first(error: ValidationError) -> str:
    """Say the first thing that is wrong, with its place."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
