"""A new model for given surveys: how wide, how deep, how time is encoded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from napari_hyperseg.errors import ModelError
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.model import Model, on_one_line
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.survey.geometry import Geometry

SHORTEST_COARSENED = 8  # samples: two a side on the coarsest of the usual levels
FINEST_PERIOD = 120  # samples in a period of the fastest time channel, at least


def new_model(
    geometries: Sequence[Geometry],
    n_classes: int,
    overrides: Mapping[str, Any],
    device: torch.device,
) -> Model:
    """Make an untrained model.

    Parameters
    ----------
    geometries : sequence of Geometry
        Of the surveys it will be trained on.
    n_classes : int
    overrides : mapping
        Fields of `NetConfig` to set by hand.
    device : torch.device

    Raises
    ------
    ModelError
        If an override makes no network.
    """
    encoding = encoding_for(geometries)
    width = 4 * math.ceil(max(8, encoding.n_channels, n_classes) / 4)
    fields: dict[str, Any] = {"width": width, "axes": coarsened_axes(geometries), **overrides}
    try:
        config = NetConfig(in_channels=encoding.n_channels, n_classes=n_classes, **fields)
        net = HyperbolicNet(config)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ModelError(f"These settings make no network: {on_one_line(error)}") from error
    return Model(net.to(device), encoding)


def coarsened_axes(geometries: Sequence[Geometry]) -> tuple[int, ...]:
    """Axes that are long enough to be coarsened in every survey: a 2D line has one short one."""
    shapes = [geometry.shape for geometry in geometries]
    return tuple(axis for axis in range(3) if min(s[axis] for s in shapes) >= SHORTEST_COARSENED)


def encoding_for(geometries: Sequence[Geometry]) -> InputEncoding:
    """Span the times of all surveys, as finely as the tallest needs."""
    start = min(float(geometry.times_ms[0]) for geometry in geometries)
    stop = max(float(geometry.times_ms[-1]) for geometry in geometries)
    finest = min(geometry.sample_interval_ms for geometry in geometries)
    stop = max(stop, start + finest)
    octaves = 2 + math.floor(math.log2((stop - start) / finest / FINEST_PERIOD))
    return InputEncoding(start, stop, min(max(octaves, 2), 8))
