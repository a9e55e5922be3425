"""What every process of a group does: two steps of data-parallel training on its part."""

import json
import sys
import warnings
from datetime import timedelta
from pathlib import Path

import torch
from torch import distributed
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
    warnings.simplefilter("error")
    torch.set_num_threads(1)
    store = distributed.FileStore(str(Path(folder) / "store"), size)
    distributed.init_process_group(
        "gloo", store=store, rank=rank, world_size=size, timeout=timedelta(seconds=60)
    )
    net = make_net(mode)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.mul_(1 - rank)  # the first process hands its own on
    joined = DistributedDataParallel(net)
    found = train(joined, make_batch()[rank::size], list(net.parameters()))
    torch.save(found, Path(folder) / f"{rank}.pt")
    distributed.barrier()  # whoever leaves first pulls the threads from under the others
    del joined
    distributed.destroy_process_group()


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
