"""A new model that begins with the weights of another one.

Classes are read from the first channels of the last state: the whole network carries over, and
only where there are more classes than channels does it get some that no layer sees yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from napari_hyperseg.errors import ModelError
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.fresh import encoding_for
from napari_hyperseg.learn.model import Model
from napari_hyperseg.net.hyperbolic import HyperbolicNet
from napari_hyperseg.survey.geometry import Geometry

LEAST_SHARED = 0.5  # of the new surveys' times, for times to mean what they did


def transferred(
    source: Model, n_classes: int, geometries: Sequence[Geometry], warn: Callable[[str], None]
) -> Model:
    """Make a model of step 0 that knows what another one learnt.

    Parameters
    ----------
    source : Model
        Not changed.
    n_classes : int
        Classes that the new one tells apart; those of the same code are the same.
    geometries : sequence of Geometry
        Of the surveys it will be trained on.
    warn : callable
        Is told, a line each, what does not carry over.

    Returns
    -------
    Model
        On the device of the source; its balance is 0 until held-out labels choose another.

    Raises
    ------
    ModelError
        If it has another grid for its output than for its input, and other classes.
    """
    encoding = _encoding_for_times(source.encoding, geometries, warn)
    net = source.net
    if n_classes != source.n_classes:
        net = _with_classes(source, n_classes)
        warn(_change_of_classes(source.n_classes, n_classes))
    return Model(net, encoding, sides=dict(source.sides))


def _encoding_for_times(
    encoding: InputEncoding, geometries: Sequence[Geometry], warn: Callable[[str], None]
) -> InputEncoding:
    """Times mean the same in both, unless the surveys lie mostly elsewhere: then from the top."""
    span = encoding_for(geometries)
    shared = min(span.stop_ms, encoding.stop_ms) - max(span.start_ms, encoding.start_ms)
    if not encoding.times or shared >= LEAST_SHARED * (span.stop_ms - span.start_ms):
        return encoding
    warn(
        f"The model learnt from {encoding.start_ms:g} to {encoding.stop_ms:g}, the surveys lie at "
        f"{span.start_ms:g} to {span.stop_ms:g}: what it knows of times counts from their top."
    )
    return encoding.shifted(span.start_ms - encoding.start_ms)


def _change_of_classes(before: int, after: int) -> str:
    kept = f"Classes 1 to {min(before, after)} begin with what the model knows of them"
    rest = f"{min(before, after) + 1} to {max(before, after)}"
    return f"{kept}, {rest} {'are new' if after > before else 'are left out'}."


@torch.no_grad()
def _with_classes(source: Model, n_classes: int) -> HyperbolicNet:
    """The network with as many classes; channels that are added go through untouched."""
    former = source.net.config
    if min(stage.level for stage in former.path) < 0:
        raise ModelError(
            f"The model has {source.n_classes} classes, not {n_classes}, on a finer grid than its "
            "input: it cannot begin another one. Train a new model."
        )
    width = max(former.width, 4 * math.ceil(n_classes / 4))
    device = next(source.net.parameters()).device
    net = HyperbolicNet(replace(former, n_classes=n_classes, width=width)).to(device)
    for kernel, known in zip(net.kernels, source.net.kernels, strict=True):
        columns = torch.zeros_like(kernel).unflatten(1, (-1, width))  # one of each Haar band
        columns[:, :, : former.width] = known.unflatten(1, (-1, former.width))
        kernel.copy_(columns.flatten(1, 2))
    for bias, known in zip(net.biases, source.net.biases, strict=True):
        bias.copy_(known)
    return net
