"""A new model that begins with the weights of another one.

Channels of the network keep what they stand for: a class, an input, and its how-manieth
repetition.  Where both have the same classes, the whole network carries over.  Classes that are
added get channels that no layer sees yet: all others begin exactly as they were, a new class as
its channel goes in.  Classes that are left out take their channels with them.
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
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.survey.geometry import Geometry

LEAST_SHARED = 0.5  # of the new surveys' times, for times to mean what they did
Meaning = tuple[str, int]


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
        On the device of the source; its gate is 0 until held-out labels choose another.

    Raises
    ------
    ModelError
        If its channels cannot be told apart by class.
    """
    encoding = _encoding_for_times(source.encoding, geometries, warn)
    net = source.net
    if n_classes != source.n_classes:
        encoding = replace(encoding, prior_classes=n_classes if encoding.prior_classes else 0)
        net = _with_classes(source, encoding, n_classes)
        warn(_change_of_classes(source.n_classes, n_classes))
    return Model(net, encoding, sides=dict(source.sides))


def _encoding_for_times(
    encoding: InputEncoding, geometries: Sequence[Geometry], warn: Callable[[str], None]
) -> InputEncoding:
    """Times mean the same in both, unless the surveys lie mostly elsewhere: then from the top."""
    span = encoding_for(geometries)
    shared = min(span.stop_ms, encoding.stop_ms) - max(span.start_ms, encoding.start_ms)
    if shared >= LEAST_SHARED * (span.stop_ms - span.start_ms):
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
def _with_classes(source: Model, encoding: InputEncoding, n_classes: int) -> HyperbolicNet:
    """The network with other class channels; the columns of its kernels follow their channels."""
    former = source.net.config
    if min(stage.level for stage in former.path) < 0:
        raise ModelError(
            f"The model has {source.n_classes} classes, not {n_classes}, on a finer grid than its "
            "input: it cannot begin another one. Train a new model."
        )
    before = _meanings(source.encoding, former.width)
    width = _width(before, encoding, n_classes, former.width)
    places = {meaning: place for place, meaning in enumerate(before)}
    after = _meanings(encoding, width)
    pairs = [(new, places[what]) for new, what in enumerate(after) if what in places]
    config = replace(former, in_channels=encoding.n_channels, n_classes=n_classes, width=width)
    return _rearranged(source.net, config, pairs)


def _rearranged(
    source: HyperbolicNet, config: NetConfig, pairs: list[tuple[int, int]]
) -> HyperbolicNet:
    """Copy columns from channel to channel, on all bands of every level; the others are zero."""
    device = next(source.parameters()).device
    net = HyperbolicNet(config).to(device)
    new, old = (torch.tensor(side, device=device) for side in zip(*pairs, strict=True))
    for kernel, former in zip(net.kernels, source.kernels, strict=True):
        columns = torch.zeros_like(kernel).unflatten(1, (-1, config.width))
        columns[:, :, new] = former.unflatten(1, (-1, source.config.width))[:, :, old]
        kernel.copy_(columns.flatten(1, 2))
    for bias, former in zip(net.biases, source.biases, strict=True):
        bias.copy_(former)
    return net


def _width(before: Sequence[Meaning], encoding: InputEncoding, n_classes: int, former: int) -> int:
    """The fewest channels, by fours, that have a place for all that still mean something."""
    width = 4 * math.ceil(max(former, encoding.n_channels, n_classes) / 4)
    inputs = {name for name, _ in _meanings(encoding, encoding.n_channels)}
    wanted = {meaning for meaning in before if meaning[0] in inputs}
    while not wanted <= set(_meanings(encoding, width)):
        width += 4
    return width


def _meanings(encoding: InputEncoding, width: int) -> list[Meaning]:
    """What each channel stands for when the data are repeated over so many; see `lift`."""
    expected = [f"class {code}" for code in range(1, encoding.prior_classes + 1)]
    names = [*expected, "sure"] if expected else []
    names += ["amplitude", *(f"time {number}" for number in range(1 + 2 * encoding.octaves))]
    return [(names[place % len(names)], place // len(names)) for place in range(width)]
