"""A new model for given surveys: how wide, how deep, what it sees."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from napari_hyperseg.errors import ModelError
from napari_hyperseg.learn.capacity import with_levels_that_fit
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.model import Model, on_one_line
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.survey.geometry import Geometry

logger = logging.getLogger(__name__)

SHORTEST_COARSENED = 8  # samples: two a side on the coarsest of the usual levels


def new_model(
    geometries: Sequence[Geometry],
    n_classes: int,
    overrides: Mapping[str, Any],
    device: torch.device,
    warn: Callable[[str], None] = logger.warning,
) -> Model:
    """Make an untrained model, with fewer levels than asked for where memory is short.

    Parameters
    ----------
    geometries : sequence of Geometry
        Of the surveys it will be trained on.
    n_classes : int
    overrides : mapping
        Fields of `NetConfig` to set by hand.
    device : torch.device
    warn : callable
        Is told, in a line, of levels that were left out.

    Raises
    ------
    ModelError
        If an override makes no network.
    """
    encoding = encoding_for(geometries)
    width = 4 * math.ceil(max(8, encoding.n_channels, n_classes) / 4)
    fields: dict[str, Any] = {"width": width, "axes": coarsened_axes(geometries), **overrides}
    try:
        asked = NetConfig(in_channels=encoding.n_channels, n_classes=n_classes, **fields)
        config = with_levels_that_fit(asked, device)
        net = HyperbolicNet(config)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ModelError(f"These settings make no network: {on_one_line(error)}") from error
    if config.levels < asked.levels:
        warn(
            f"Memory is short: the network has {config.levels} levels, not {asked.levels}. It sees "
            "less far around a voxel. Close other programs and train a new model for all levels."
        )
    return Model(net.to(device), encoding)


def coarsened_axes(geometries: Sequence[Geometry]) -> tuple[int, ...]:
    """Axes that are long enough to be coarsened in every survey: a 2D line has one short one."""
    shapes = [geometry.shape for geometry in geometries]
    return tuple(axis for axis in range(3) if min(s[axis] for s in shapes) >= SHORTEST_COARSENED)


def encoding_for(geometries: Sequence[Geometry]) -> InputEncoding:
    """Amplitudes alone; the times of all surveys are told, not seen."""
    start = min(float(geometry.times_ms[0]) for geometry in geometries)
    stop = max(float(geometry.times_ms[-1]) for geometry in geometries)
    finest = min(geometry.sample_interval_ms for geometry in geometries)
    stop = max(stop, start + finest)
    return InputEncoding(start, stop, octaves=0, times=False)
