"""From a scene to change maps: the network and its peers on the same points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from examples.hyperspectral.bands import Bands
from examples.hyperspectral.learning import Settings, class_probabilities, network, train
from examples.hyperspectral.peers import (
    change_vectors,
    logistic_regression,
    standardised,
    with_difference,
    with_neighbourhoods,
)
from examples.hyperspectral.scene import ClassMap, Scene, halve_cube

NETWORK, VECTORS = "hyperbolic network", "change vectors"
Say = Callable[[str], None]


@dataclass(frozen=True)
class ChangeMap:
    """A map at half resolution and how sure it is.

    Parameters
    ----------
    classes : ndarray of uint8, shape (rows, columns)
        From 1; 0 where a date has no data.
    confidence : ndarray of float32, same shape
        Probability of the class, 0 to 1; 0 where there is no map.
    parameters : int
        Of the network.
    steps : int
        Trained.
    seconds : float
        Of training.
    """

    classes: ClassMap
    confidence: NDArray[np.float32]
    parameters: int
    steps: int
    seconds: float


def map_with_network(
    scene: Scene, bands: Bands, settings: Settings, device: torch.device, say: Say
) -> ChangeMap:
    """Train the hyperbolic network on the labelled points, and map the whole scene.

    Parameters
    ----------
    scene : Scene
        With labels.
    bands : Bands
    settings : Settings
    device : torch.device
    say : callable
        Told about progress.
    """
    inputs = torch.from_numpy(network_input(bands)).to(device)
    labels = np.where(bands.valid, scene.labels, 0).astype(np.int64)
    net = network(scene.n_classes, settings).to(device)
    done = [0, 0.0]

    def report(step: int, loss: float, seconds: float) -> None:
        done[:] = step, seconds
        if step == 1 or step % max(1, settings.steps // 10) == 0:
            say(f"step {step}/{settings.steps}  loss {loss:.3f}  {seconds:.0f} s")

    averaged = train(net, inputs, torch.from_numpy(labels).to(device), settings, report)
    best, classes = (part.cpu().numpy() for part in class_probabilities(averaged, inputs).max(0))
    return ChangeMap(
        classes=np.where(bands.valid, classes + 1, 0).astype(np.uint8),
        confidence=np.where(bands.valid, best, 0).astype(np.float32),
        parameters=sum(parameter.numel() for parameter in net.parameters()),
        steps=int(done[0]),
        seconds=float(done[1]),
    )


def network_input(bands: Bands) -> NDArray[np.float32]:
    """Both dates as two channels, (2, bands, rows, columns).

    Each date and band is centred and scaled: light and air differ between dates.  Then the
    dates are turned into their Haar pair, mean and difference, each with variance 1 in each
    band.  An odd last row or column is repeated, so that the map's pixels stay blocks of
    2 x 2 when the scene is turned.
    """
    before, after = standardised(bands.before), standardised(bands.after)
    pair = np.stack([standardised(before + after), standardised(after - before)])
    channels = pair.transpose(0, 3, 1, 2)
    odd = [(0, 0), (0, 0), *((0, size % 2) for size in channels.shape[2:])]
    return np.pad(channels, odd, mode="edge")


def peer_maps(scene: Scene, bands: Bands) -> dict[str, ClassMap]:
    """Map the scene with what the network has to beat."""
    before, after = (halve_cube(cube) for cube in (bands.before, bands.after))
    labels = np.where(bands.valid, scene.labels, 0).astype(np.uint8)
    spectra = with_difference(before, after)
    maps = {
        VECTORS: change_vectors(before, after, labels),
        "logistic regression": logistic_regression(spectra, labels, scene.n_classes),
        "with neighbourhoods": logistic_regression(
            with_neighbourhoods(spectra), labels, scene.n_classes
        ),
    }
    return {name: np.where(bands.valid, found, 0).astype(np.uint8) for name, found in maps.items()}
