"""From a scene to change maps: the network and its peers on the same points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from examples.common.outcome import Say
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
        Of all networks.
    steps : int
        Trained, of all networks.
    seconds : float
        Of training.
    """

    classes: ClassMap
    confidence: NDArray[np.float32]
    parameters: int
    steps: int
    seconds: float


class Done:
    """Counts steps and seconds over the networks, and tells about them.

    Parameters
    ----------
    settings : Settings
    say : callable
    """

    def __init__(self, settings: Settings, say: Say) -> None:
        self.steps, self.seconds = 0, 0.0
        self._of, self._say = settings.members * settings.steps, say
        self._before = 0.0

    def report(self, step: int, loss: float, seconds: float) -> None:
        """Take in one more step; `seconds` are those of its network."""
        self.steps += 1
        self.seconds = self._before + seconds
        if self.steps == 1 or self.steps % max(1, self._of // 10) == 0:
            self._say(f"step {self.steps}/{self._of}  loss {loss:.3f}  {self.seconds:.0f} s")

    def end_member(self) -> None:
        """Begin to count the next network's seconds."""
        self._before = self.seconds


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
    labels = torch.from_numpy(np.where(bands.valid, scene.labels, 0).astype(np.int64)).to(device)
    done = Done(settings, say)
    found = []
    for member in range(settings.members):
        own = replace(settings, seed=settings.seed + member)
        net = network(scene.n_classes, own).to(device)
        averaged = train(net, inputs, labels, own, done.report)
        found.append(class_probabilities(averaged, inputs))
        done.end_member()
    best, classes = (part.cpu().numpy() for part in torch.stack(found).mean(0).max(0))
    return ChangeMap(
        classes=np.where(bands.valid, classes + 1, 0).astype(np.uint8),
        confidence=np.where(bands.valid, best, 0).astype(np.float32),
        parameters=settings.members * sum(p.numel() for p in net.parameters()),
        steps=done.steps,
        seconds=done.seconds,
    )


def network_input(bands: Bands) -> NDArray[np.float32]:
    """Both dates as two channels, (2, bands, rows, columns).

    The dates are turned into their Haar pair, mean and difference, and each of its bands is
    centred and scaled.  An odd last row or column is repeated, so that the map's pixels stay
    blocks of 2 x 2 when the scene is turned.
    """
    before, after = bands.before, bands.after
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
        "logistic, 3 scales": logistic_regression(
            with_neighbourhoods(spectra), labels, scene.n_classes
        ),
    }
    return {name: np.where(bands.valid, found, 0).astype(np.uint8) for name, found in maps.items()}
