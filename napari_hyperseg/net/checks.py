"""What a network takes: one line for whatever does not fit."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from napari_hyperseg.net.config import NetConfig

LARGEST_SHARE = 2**-6  # of the grid's range, for the data: states grow


def check_data(config: NetConfig, data: Tensor) -> None:
    """Raise ValueError if the data have other channels or dimensions than the configuration."""
    if data.ndim != config.dimensions + 2 or data.shape[1] != config.in_channels:
        raise ValueError(
            f"Data of shape {tuple(data.shape)} do not fit: give (batch, "
            f"{config.in_channels} channels, {config.dimensions} spatial axes)."
        )


def check_mask(config: NetConfig, data: Tensor, where: Tensor | None) -> None:
    """Raise ValueError if the mask is not one of the logits' voxels."""
    if where is None:
        return
    wanted = (data.shape[0], *config.output_shape(data.shape[2:]))
    if where.shape != wanted or where.dtype != torch.bool:
        raise ValueError(
            f"where has shape {tuple(where.shape)} and type {where.dtype}: give a mask of "
            f"bool of shape {wanted}."
        )


def check_range(data: Tensor, grid_step: float) -> None:
    """Raise ValueError if the data are too large for exact mode's grid, or not float32."""
    if data.dtype != torch.float32:
        raise ValueError(f"Exact mode needs float32 data, not {data.dtype}.")
    largest = float(torch.linalg.vector_norm(data.detach(), math.inf))
    reach = LARGEST_SHARE * 2**31 * grid_step
    if not largest <= reach:
        raise ValueError(
            f"Values up to {largest:g} are beyond {reach:g}, where exact mode's grid ends. "
            "Scale the data, or choose a larger grid step."
        )
