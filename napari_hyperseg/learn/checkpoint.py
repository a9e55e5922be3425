"""Everything that training needs to go on as if it had not stopped, to the bit.

Weights, their average, optimiser, step, how far the run is, and what its stability is measured
with.  The averaged weights are the model that predicts; the rest lies beside it in
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
from napari_hyperseg.learn.schedule import Course
from napari_hyperseg.learn.trainer import Trainer

TRAINING = "training.safetensors"


def save_checkpoint(trainer: Trainer, folder: Path, course: Course = Course()) -> None:
    """Write the training state, then the model.

    Parameters
    ----------
    trainer : Trainer
    folder : Path
    course : Course
        What is done of the run, if there is more to do.
    """
    tensors = {f"net.{name}": value for name, value in trainer.model.net.state_dict().items()}
    for name, parameter in trainer.model.net.named_parameters():
        if parameter in trainer.descent.momentum:
            tensors[f"momentum.{name}"] = trainer.descent.momentum[parameter]
    tensors |= {f"guard.{n}": volume for n, volume in enumerate(trainer.guard.volumes)}
    counts = {
        "step": str(trainer.model.step),
        "averaged": str(trainer.average.steps),
        "course_steps": str(course.steps),
        "course_seconds": repr(course.seconds),
    }
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
            counts = dict(file.metadata())
        trainer.average.steps = int(counts["averaged"])
        trainer.model.step = int(counts["step"])
        trainer.course = Course(
            int(counts.get("course_steps", 0)), float(counts.get("course_seconds", 0))
        )
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
    volumes = [tensors[name] for n in range(len(net.kernels)) if (name := f"guard.{n}") in tensors]
    if volumes:  # earlier versions kept none
        trainer.guard.volumes = volumes
