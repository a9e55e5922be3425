"""Everything that training needs to go on: weights, their average, optimiser, step.

The averaged weights are the model that predicts; the rest lies beside it in
``training.safetensors``.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor

from napari_hyperseg.errors import ModelError
from napari_hyperseg.learn.files import replace_tensors
from napari_hyperseg.learn.model import UNREADABLE, on_one_line
from napari_hyperseg.learn.trainer import Trainer

TRAINING = "training.safetensors"


def save_checkpoint(trainer: Trainer, folder: Path) -> None:
    """Write the training state, then the model."""
    tensors = {f"net.{name}": value for name, value in trainer.model.net.state_dict().items()}
    for name, parameter in trainer.model.net.named_parameters():
        if parameter in trainer.descent.momentum:
            tensors[f"momentum.{name}"] = trainer.descent.momentum[parameter]
    counts = {"step": str(trainer.model.step), "averaged": str(trainer.average.steps)}
    replace_tensors(folder / TRAINING, tensors, counts)
    trainer.averaged.save(folder)


def restore_checkpoint(trainer: Trainer, folder: Path) -> None:
    """Go on from a saved state: the trainer's model has the averaged weights already.

    Raises
    ------
    ModelError
        If the file does not belong to this model.
    """
    path = folder / TRAINING
    try:
        with safe_open(path, framework="pt", device=str(trainer.device)) as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            counts = {name: int(value) for name, value in file.metadata().items()}
        trainer.average.steps = counts["averaged"]
        trainer.model.step = counts["step"]
        _load(trainer, tensors)
    except UNREADABLE as error:
        raise ModelError(
            f"{path}: training cannot go on from here ({on_one_line(error)}). Train a new model."
        ) from error


def _load(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    net = trainer.model.net
    net.load_state_dict(
        {name[4:]: value for name, value in tensors.items() if name.startswith("net.")}
    )
    for name, parameter in net.named_parameters():
        momentum = tensors.get(f"momentum.{name}")
        if momentum is not None:
            trainer.descent.momentum[parameter] = torch.empty_like(parameter).copy_(momentum)
