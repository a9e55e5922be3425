"""What the network has to beat, on the same points: change vectors, logistic regression.

Both see the mean spectra of the pixels of the map, each band scaled alike at both dates.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter
from torch.nn.functional import cross_entropy

from examples.hyperspectral.scene import ClassMap, Cube

PENALTY = 0.01
NEIGHBOURHOODS = (1, 3, 7)  # pixels of the map


def change_vectors(before: Cube, after: Cube, labels: ClassMap) -> ClassMap:
    """Call long change vectors changed; the threshold is the best one on the points.

    Parameters
    ----------
    before, after : ndarray of float32, shape (rows, columns, bands)
    labels : ndarray of uint8, shape (rows, columns)
        1 = unchanged; all that is more counts as changed; 0 = unknown.

    Returns
    -------
    ndarray of uint8, same shape
        1 and 2.
    """
    length = np.sqrt(((after - before) ** 2).mean(axis=2))
    known = labels > 0
    lengths, changed = length[known], labels[known] > 1
    order = np.sort(lengths)
    middles = (order[1:] + order[:-1]) / 2
    right = ((lengths > middles[:, None]) == changed).mean(axis=1)
    best = np.median(middles[right == right.max()])
    return (1 + (length > best)).astype(np.uint8)


def with_difference(before: Cube, after: Cube) -> Cube:
    """Both spectra and the size of their difference, band by band."""
    return np.concatenate([before, after, np.abs(after - before)], axis=2)


def with_neighbourhoods(features: Cube) -> Cube:
    """Means of features over small squares."""
    means = [uniform_filter(features, (size, size, 1), mode="nearest") for size in NEIGHBOURHOODS]
    return np.concatenate(means, axis=2)


def logistic_regression(features: Cube, labels: ClassMap, n_classes: int) -> ClassMap:
    """Classify pixels one by one, with a penalty on the weights' squares.

    Parameters
    ----------
    features : ndarray of float32, shape (rows, columns, features)
    labels : ndarray of uint8, shape (rows, columns)
        0 = unknown.
    n_classes : int
    """
    mean, deviation = features.mean(axis=(0, 1)), features.std(axis=(0, 1))
    pixels = torch.from_numpy((features - mean) / np.maximum(deviation, 1e-6)).float()
    known = torch.from_numpy(labels > 0)
    classes = torch.from_numpy(labels.astype(np.int64))[known] - 1
    weights, biases = _fit(pixels[known], classes, n_classes)
    return (1 + (pixels @ weights + biases).argmax(dim=2)).numpy().astype(np.uint8)


def _fit(
    pixels: torch.Tensor, classes: torch.Tensor, n_classes: int
) -> tuple[torch.Tensor, torch.Tensor]:
    weights = torch.zeros(pixels.shape[1], n_classes, requires_grad=True)
    biases = torch.zeros(n_classes, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, biases], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = cross_entropy(pixels @ weights + biases, classes) + PENALTY * (weights**2).sum()
        value.backward()
        return value

    optimiser.step(loss)
    return weights.detach(), biases.detach()


def standardised(cube: Cube) -> NDArray[np.float32]:
    """Remove the mean and the standard deviation of each band of one date."""
    mean, deviation = cube.mean(axis=(0, 1)), cube.std(axis=(0, 1))
    return ((cube - mean) / np.maximum(deviation, 1e-6)).astype(np.float32)
