"""A model: the network, how its input is encoded, and both as files.

``weights.safetensors`` and ``model.json`` in one folder; nothing in them can run.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from napari_hyperseg.errors import ModelError
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.below import below_boundaries
from napari_hyperseg.learn.block import Block
from napari_hyperseg.learn.card import CARD, FORMAT_VERSION, WEIGHTS, balance_of, encoding_fields
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.files import replace_json, replace_tensors
from napari_hyperseg.learn.ordered import most_likely
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig, valley

UNREADABLE = (
    OSError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    SafetensorError,
)  # what a damaged or foreign file can raise in the libraries below
_LONGEST_REASON = 200
RULED_OUT = 100.0  # more than any evidence of a sample


def weights_of(balance: float) -> tuple[float, float]:
    """Weights of network and expectation: the larger one is 1, and their shares are as told."""
    if balance <= 0.5:
        return balance / (1 - balance), 1.0
    return 1.0, (1 - balance) / balance


def without(ruled_out: NDArray[np.bool_] | None, logits: Tensor) -> Tensor:
    """Logits of which those that are ruled out lose against all others."""
    if ruled_out is None:
        return logits
    return logits.add(torch.from_numpy(ruled_out).to(logits.device), alpha=-RULED_OUT)


def decided(
    logits: Tensor, *, layers: Order = (), order: Order = ()
) -> tuple[NDArray[np.uint8], ...]:
    """Most likely class of every voxel, and how likely it is.

    Parameters
    ----------
    logits : Tensor of float32, shape (n_classes, i, j, k)
    layers : tuple of int
        All codes from top to bottom, if no class may lie below one that belongs further down.
    order : tuple of int
        The same, to tell how likely it lies below each boundary, too.

    Returns
    -------
    codes : ndarray of uint8, shape (i, j, k)
        1 to `n_classes`.
    confidence : ndarray of uint8, shape (i, j, k)
        Probability in percent.
    below : ndarray of uint8, shape (n_classes - 1, i, j, k)
        Only if there is an order; see `below_boundaries`.
    """
    winner, probabilities = most_likely(logits, layers), torch.softmax(logits, dim=0)
    confidence = probabilities.gather(0, winner[None])[0]
    found = [(winner + 1).byte(), (confidence * 100).round().byte()]
    if order:
        found.append(below_boundaries(probabilities, order))
    return tuple(one.cpu().numpy() for one in found)


@dataclass
class Model:
    """A network with the encoding of its input.

    Parameters
    ----------
    net : HyperbolicNet
    encoding : InputEncoding
    step : int
        Optimiser steps it was trained for.
    balance : float
        Share of the network in what counts, 0 to 1; the rest is what is expected.  Where nothing
        is expected, the network alone counts.
    sides : dict of str to int
        By survey, how large the patches are that were held out, see `patch_side`.
    revisions : dict of str to int
        By survey, the revision of its labels that the model knows.
    """

    net: HyperbolicNet
    encoding: InputEncoding
    step: int = 0
    balance: float = 0.0
    sides: dict[str, int] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)

    @property
    def n_classes(self) -> int:
        """Number of facies classes."""
        return self.net.config.n_classes

    @torch.no_grad()
    def evidence(self, block: Block) -> Tensor:
        """What the network makes of a block.

        Returns
        -------
        Tensor of float32, shape (n_classes, i, j, k)
            Its logits, on its device.
        """
        device = next(self.net.parameters()).device
        return self.net(torch.from_numpy(block.channels)[None].to(device))[0].float()

    def logits(self, evidence: Tensor, block: Block, balance: float | None = None) -> Tensor:
        """Weigh what the network makes of a block against what is expected.

        Both are evidence: logarithms of probabilities add up.  What labels rule out stays out.

        Parameters
        ----------
        evidence : Tensor
            As from `evidence`.
        block : Block
        balance : float, optional
            In place of the model's own.

        Returns
        -------
        Tensor of float32, shape (n_classes, i, j, k)
        """
        if block.expected is None:
            return without(block.ruled_out, evidence)
        expected = torch.from_numpy(block.expected).to(evidence.device)
        of_network, of_expected = weights_of(self.balance if balance is None else balance)
        return without(block.ruled_out, of_expected * expected + of_network * evidence)

    def predict(self, block: Block, *, order: Order = ()) -> tuple[NDArray[np.uint8], ...]:
        """Most likely class of every voxel, and how likely it is.

        Parameters
        ----------
        block : Block
        order : tuple of int
            All codes from top to bottom, to tell how likely it lies below each boundary, too.

        Returns
        -------
        tuple of ndarray
            As `decided` says.
        """
        logits = self.logits(self.evidence(block), block)
        return decided(logits, layers=block.layers, order=order)

    def card(self) -> dict[str, Any]:
        """All but the weights, as JSON has it."""
        return {
            "format": FORMAT_VERSION,
            "network": asdict(self.net.config),
            "encoding": asdict(self.encoding),
            "step": self.step,
            "balance": self.balance,
            "held_out_patches": self.sides,
            "label_revisions": self.revisions,
        }

    def save(self, folder: Path) -> None:
        """Write both files, each replaced as a whole; a folder with weights holds a model."""
        replace_json(folder / CARD, self.card())
        replace_tensors(folder / WEIGHTS, self.net.state_dict())


def load_model(folder: Path, device: torch.device) -> Model:
    """Read a model.

    Raises
    ------
    ModelError
        If a file is missing, damaged, or of a later format.
    """
    try:
        model = _read(folder)
        _try_once(model)
    except ModelError:
        raise
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: no model is here. Train one first.") from error
    except UNREADABLE as error:
        raise ModelError(
            f"{folder}: the model cannot be read ({on_one_line(error)}). Train a new one."
        ) from error
    model.net.to(device)
    return model


def on_one_line(error: Exception) -> str:
    """Kind and text of an error of the libraries below, which may be a page long."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:_LONGEST_REASON]}"


def _read(folder: Path) -> Model:
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    if card["format"] not in range(1, FORMAT_VERSION + 1):
        raise ModelError(
            f"{folder}: the model has format {card['format']}, this version reads up to "
            f"{FORMAT_VERSION}. Update napari-hyperseg."
        )
    model = model_of(card)
    model.net.load_state_dict(load_file(folder / WEIGHTS))
    return model


def model_of(card: dict[str, Any]) -> Model:
    """Return a model with fresh weights, as a card of this format says it."""
    return Model(
        HyperbolicNet(_network(card["network"])),
        InputEncoding(**encoding_fields(card["encoding"])),
        step=int(card["step"]),
        balance=balance_of(card),
        sides=dict(card.get("held_out_patches", {})),
        revisions=dict(card.get("label_revisions", {})),
    )


def _try_once(model: Model) -> None:
    """Predict a few voxels: settings that make no network show now, not in the middle."""
    encoding, shape = model.encoding, model.net.config.multiple
    if not encoding.stop_ms > encoding.start_ms:
        raise ValueError(f"it spans no time: {encoding.start_ms} to {encoding.stop_ms} ms")
    if encoding.n_channels != model.net.config.in_channels:
        raise ValueError(
            f"its encoding has {encoding.n_channels} channels, its network "
            f"{model.net.config.in_channels}"
        )
    times_ms = np.linspace(encoding.start_ms, encoding.stop_ms, shape[-1])
    if not 0 <= model.balance <= 1:
        raise ValueError(f"its balance is {model.balance}, not 0 to 1")
    model.predict(Block(encoding.encode(np.ones(shape, np.float32), 1.0, times_ms)))


def _network(fields: dict[str, Any]) -> NetConfig:
    """JSON has lists where the configuration has tuples; format 1 had levels, not a path."""
    tuples: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    if "layers" in tuples:
        tuples["path"] = valley(tuples.pop("layers"), tuples.pop("hidden"))
    return NetConfig(**tuples)
