"""Everything that training needs to go on: weights, their average, optimiser, step.

The averaged weights are the model that predicts; the rest lies beside it in
``training.safetensors``.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from napari_hyperseg.errors import ModelError
from napari_hyperseg.learn.files import replace_tensors
from napari_hyperseg.learn.trainer import Trainer

TRAINING = "training.safetensors"
_MOMENTS = ("exp_avg", "exp_avg_sq", "step")


def save_checkpoint(trainer: Trainer, folder: Path) -> None:
    """Write the training state, then the model."""
    tensors = {f"net.{name}": value for name, value in trainer.model.net.state_dict().items()}
    for index, parameter in enumerate(trainer.model.net.parameters()):
        for moment, value in trainer.optimiser.state.get(parameter, {}).items():
            tensors[f"optimiser.{index}.{moment}"] = value
    replace_tensors(folder / TRAINING, tensors, {"step": str(trainer.model.step)})
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
            step = int(file.metadata()["step"])
        _load(trainer, tensors)
    except (OSError, KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"{path}: training cannot go on from here ({error}). Train a new model."
        ) from error
    trainer.model.step = step


def _load(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    net = trainer.model.net
    net.load_state_dict(
        {name[4:]: value for name, value in tensors.items() if name.startswith("net.")}
    )
    for index, parameter in enumerate(net.parameters()):
        moments = {m: tensors.get(f"optimiser.{index}.{m}") for m in _MOMENTS}
        if all(value is not None for value in moments.values()):
            trainer.optimiser.state[parameter] = {
                name: _like(value, parameter, name) for name, value in moments.items()
            }


def _like(value: Tensor | None, parameter: Tensor, name: str) -> Tensor:
    assert value is not None
    if name == "step":
        return value.cpu()
    if value.shape != parameter.shape:
        raise ValueError(f"{name} has shape {tuple(value.shape)}, not {tuple(parameter.shape)}")
    return torch.empty_like(parameter).copy_(value)
