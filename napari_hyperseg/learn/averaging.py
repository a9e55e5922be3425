"""The average of the latest weights: steadier than any one of them, used to predict."""

from __future__ import annotations

import copy

import torch

from napari_hyperseg.net.hyperbolic import HyperbolicNet

LONGEST_MEMORY = 0.9  # share of the old average that is kept: about ten steps


class AveragedNet:
    """Exponential average of a network's weights.

    The memory grows with the number of steps averaged, so that early averages are fresh.

    Parameters
    ----------
    net : HyperbolicNet
        Where the average starts.
    steps : int
        Steps that this start is an average of.
    """

    def __init__(self, net: HyperbolicNet, steps: int = 0) -> None:
        self.net = copy.deepcopy(net)
        self.steps = steps

    @torch.no_grad()
    def update(self, net: HyperbolicNet) -> None:
        """Take in the weights after one more step."""
        memory = min(LONGEST_MEMORY, self.steps / (10 + self.steps))
        torch._foreach_lerp_(list(self.net.parameters()), list(net.parameters()), 1 - memory)
        self.steps += 1
