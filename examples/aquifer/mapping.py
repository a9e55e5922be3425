"""From a scene to a map: the network and its peers on the same labels, and their scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from examples.aquifer.inputs import network_input, with_blanks
from examples.aquifer.learning import Settings, network, train
from examples.aquifer.peers import nearest_label, per_pixel_network, with_neighbourhoods
from examples.aquifer.prediction import class_probabilities
from examples.aquifer.scene import Scene
from examples.aquifer.scores import Scores, score
from examples.common.outcome import Say

NETWORK = "hyperbolic network"


@dataclass(frozen=True)
class AquiferMap:
    """A map and how sure it is.

    Parameters
    ----------
    classes : ndarray of uint8, shape (rows, columns)
        From 1; 0 where a channel has no data.
    confidence : ndarray of float32, same shape
        Probability of the class, 0 to 1; 0 where there is no map.
    parameters : int
        Of the network.
    steps : int
        Trained.
    seconds : float
        Of training.
    """

    classes: NDArray[np.uint8]
    confidence: NDArray[np.float32]
    parameters: int
    steps: int
    seconds: float


def map_with_network(
    scene: Scene, settings: Settings, positions: bool, device: torch.device, say: Say
) -> AquiferMap:
    """Train the hyperbolic network on the labels, and map the whole area.

    Parameters
    ----------
    scene : Scene
    settings : Settings
    positions : bool
        Show the network where it is.
    device : torch.device
    say : callable
        Told about progress.
    """
    shown = with_blanks(network_input(scene, positions), scene.n_classes)
    inputs = torch.from_numpy(shown).to(device)
    labels = torch.from_numpy(scene.labels.astype(np.int64)).to(device)
    net = network(len(inputs), scene.n_classes, settings).to(device)
    done = [0, 0.0]

    def report(step: int, loss: float, seconds: float) -> None:
        done[:] = step, seconds
        if step == 1 or step % max(1, settings.steps // 12) == 0:
            say(f"step {step}/{settings.steps}  loss {loss:.3f}  {seconds:.0f} s")

    averaged = train(net, inputs, labels, settings, report)
    found = class_probabilities(averaged, inputs, settings.augmentation.orientations)
    best, classes = (part.cpu().numpy() for part in found.max(0))
    return AquiferMap(
        classes=np.where(scene.valid, classes + 1, 0).astype(np.uint8),
        confidence=np.where(scene.valid, best, 0).astype(np.float32),
        parameters=sum(parameter.numel() for parameter in net.parameters()),
        steps=int(done[0]),
        seconds=float(done[1]),
    )


def peer_maps(
    scene: Scene, positions: bool, seed: int, steps: int, say: Say
) -> dict[str, NDArray[np.uint8]]:
    """Map the area with what the network has to beat."""
    inputs = network_input(scene, positions)
    say("nearest label, and per-pixel networks")
    maps = {
        "nearest label": nearest_label(scene.labels),
        "per-pixel network": per_pixel_network(inputs, scene.labels, scene.n_classes, seed, steps),
        "per-pixel, 4 scales": per_pixel_network(
            with_neighbourhoods(inputs), scene.labels, scene.n_classes, seed, steps
        ),
    }
    return {name: np.where(scene.valid, found, 0) for name, found in maps.items()}


def scores_of(scene: Scene, maps: dict[str, NDArray[np.uint8]]) -> dict[str, Scores]:
    """Score maps where no label was shown; empty where there is no truth."""
    if scene.truth is None or not scene.scored.any():
        return {}
    return {
        name: score(scene.truth, found, scene.scored, scene.n_classes)
        for name, found in maps.items()
    }
