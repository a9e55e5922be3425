"""What every process of a group does: two steps of data-parallel training on its part."""

import json
import sys
from pathlib import Path

import torch
from process_group import process_group
from torch.nn.parallel import DistributedDataParallel

from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig, valley

STEPS = 2


def make_net(mode):
    """Build the same network everywhere."""
    torch.manual_seed(0)
    path = valley((1, 2), (3, 4))
    config = NetConfig(2, 3, width=4, path=path, activation="tanh")
    return HyperbolicNet(config, Execution(mode)).double()


def make_batch():
    """Make the joined batch."""
    random = torch.Generator().manual_seed(1)
    return torch.randn(4, 2, 4, 4, 6, dtype=torch.float64, generator=random)


def train(net, part, parameters):
    """Make the steps; return the gradients of each."""
    optimiser, seen = torch.optim.SGD(parameters, 0.05), []
    for _ in range(STEPS):
        optimiser.zero_grad()
        net(part).square().mean().backward()
        seen.append([p.grad.clone() for p in parameters])
        optimiser.step()
    return seen


def main(rank, size, mode, folder):
    """Join the group, train on every size-th sample, save what was found."""
    with process_group(rank, size, folder):
        torch.save(share(rank, size, mode), Path(folder) / f"{rank}.pt")


def share(rank, size, mode):
    """Train on a part of the batch; what holds the group is gone after that."""
    net = make_net(mode)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.mul_(1 - rank)  # the first process hands its own on
    joined = DistributedDataParallel(net)
    return train(joined, make_batch()[rank::size], list(net.parameters()))


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
