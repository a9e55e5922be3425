"""What the network has to beat, on the same labels: nearest label, and per-pixel networks.

A per-pixel network sees the channels of one pixel.  The stronger one also sees the means of
every channel over four neighbourhoods: context by hand.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter
from torch import nn
from torch.nn.functional import cross_entropy

from napari_hyperseg.learn.loss import class_weights

NEIGHBOURHOODS_PX = (2.0, 5.0, 12.0, 30.0)  # standard deviations
HIDDEN, BATCH, FASTEST = 64, 4096, 3e-3
CHUNK = 65_536


def nearest_label(labels: NDArray) -> NDArray[np.uint8]:
    """Give each pixel the class of the labelled pixel that is nearest on the map."""
    found = distance_transform_edt(labels == 0, return_distances=False, return_indices=True)
    return labels[tuple(found)]


def with_neighbourhoods(inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Append to the channels their means over Gaussian neighbourhoods."""
    means = [
        gaussian_filter(plane, size, mode="nearest")
        for size in NEIGHBOURHOODS_PX
        for plane in inputs
    ]
    return np.concatenate([inputs, np.stack(means)])


def per_pixel_network(
    inputs: NDArray[np.float32], labels: NDArray, n_classes: int, seed: int, steps: int
) -> NDArray[np.uint8]:
    """Train a perceptron with two hidden layers on labelled pixels, and map all pixels.

    Parameters
    ----------
    inputs : ndarray of float32, shape (channels, rows, columns)
    labels : ndarray of int, shape (rows, columns)
        0 = unknown.
    n_classes, seed, steps : int

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
    """
    torch.manual_seed(seed)
    net = _perceptron(len(inputs), n_classes)
    pixels = torch.from_numpy(inputs.reshape(len(inputs), -1).T.copy())
    codes = torch.from_numpy(labels.ravel().astype(np.int64))
    known = codes > 0
    weights = class_weights(np.bincount(labels.ravel(), minlength=n_classes + 1))
    _fit(net, pixels[known], codes[known] - 1, weights, steps)
    with torch.no_grad():
        found = [net(chunk).argmax(1) for chunk in pixels.split(CHUNK)]
    return (1 + torch.cat(found)).numpy().astype(np.uint8).reshape(labels.shape)


def _perceptron(n_inputs: int, n_classes: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(n_inputs, HIDDEN), nn.ReLU(),
        nn.Linear(HIDDEN, HIDDEN), nn.ReLU(),
        nn.Linear(HIDDEN, n_classes),
    )  # fmt: skip


def _fit(
    net: nn.Module, pixels: torch.Tensor, classes: torch.Tensor, weights: torch.Tensor, steps: int
) -> None:
    optimiser = torch.optim.Adam(net.parameters(), FASTEST)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, FASTEST, total_steps=max(steps, 2))
    for _ in range(steps):
        chosen = torch.randint(len(pixels), (BATCH,))
        loss = cross_entropy(net(pixels[chosen]), classes[chosen], weights)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
