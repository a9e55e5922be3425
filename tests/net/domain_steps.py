"""What every process of a group does with its slab of a volume, case by case."""

import json
import math
import sys
from dataclasses import dataclass, field
from pathlib import Path

import torch
from allocations import NewTensors
from process_group import process_group

from napari_hyperseg.errors import DomainError
from napari_hyperseg.net.domain import Domain
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig, valley


@dataclass(frozen=True)
class Case:
    """A network, data, labels and a way to run it."""

    mode: str = "reversible"
    shape: tuple = (1, 2, 27, 6, 5)
    config: dict = field(default_factory=dict)
    execution: dict = field(default_factory=dict)
    labelled: tuple = ()  # output rows with labels; without any, all logits are read
    dtype: torch.dtype = torch.float64
    scale: float = 1.0
    passes: int = 1
    rtol: float = 1e-9


def modes(name, **fields):
    """One case for each mode."""
    kinds = ["reversible", "checkpoint(1)", "checkpoint(2)", "store"]
    exact = Case("exact", **{**fields, "dtype": torch.float32, "rtol": 3e-3})
    return {f"{name}, {mode}": Case(mode, **fields) for mode in kinds} | {f"{name}, exact": exact}


ROW_BY_ROW = {"scratch_bytes": 1}
CASES = {
    **modes("all logits"),
    **modes("row by row", execution=ROW_BY_ROW),
    **modes("two labelled rows", labelled=(1, 2)),
    **modes("a labelled row beside a cut", labelled=(12,), execution=ROW_BY_ROW),
    **modes("several samples", shape=(3, 2, 24, 4, 4), labelled=(5, 20)),
    "backward twice": Case(passes=2),
    "samples row by row": Case(shape=(2, 2, 24, 4, 4), execution=ROW_BY_ROW),
    "a labelled row far off": Case(config={"path": valley((1, 1), (3, 4))}, labelled=(26,)),
    "rows left alone": Case(shape=(1, 2, 7, 6, 5), config={"axes": (1, 2)}),
    "flat along axis 1": Case(shape=(1, 2, 27, 1, 5), config={"axes": (0, 2)}, labelled=(3, 25)),
    "flat along axis 2": Case("store", shape=(1, 2, 27, 6, 1), config={"axes": (0, 1)}),
    "two dimensions": Case(shape=(2, 2, 25, 6), config={"dimensions": 2, "axes": (0, 1)}),
    "finer output": Case(
        shape=(1, 2, 15, 4, 4),
        config={"width": 24, "path": ((0, 1, 3), (1, 2, 4), (0, 1, 3), (-1, 1, 2))},
        labelled=(3, 17),
    ),
    "coarser output": Case(
        config={"path": ((0, 1, 3), (1, 1, 4), (2, 1, 4), (1, 1, 3))}, labelled=(2, 9)
    ),
    "map across axis 1": Case(config={"map_axis": 1}),
    "relu in float32": Case(config={"activation": "relu"}, dtype=torch.float32, rtol=1e-4),
    "bf16 convolutions": Case(execution={"precision": "bf16"}, dtype=torch.float32, rtol=5e-2),
    "drifting": Case(config={"activation": "relu"}, dtype=torch.float32, scale=5.0, rtol=0.5),
}


def make_net(case):
    """Build the same network everywhere."""
    torch.manual_seed(0)
    usual = {"in_channels": 2, "n_classes": 3, "width": 4, "path": valley((1, 2, 1), (3, 4, 5))}
    config = NetConfig(**{**usual, "activation": "tanh", **case.config})
    net = HyperbolicNet(config).to(case.dtype)
    net.execution = Execution(case.mode, **case.execution)
    with torch.no_grad():
        for bias in net.biases:
            bias.normal_(std=0.3)
        for kernel in net.kernels:
            kernel.mul_(case.scale)
    return net


def outcome(case, net, rows=slice(None), output_rows=slice(None)):
    """Run forward and backward on some rows; return everything that comes out."""
    random = torch.Generator().manual_seed(1)
    data = torch.randn(case.shape, generator=random, dtype=case.dtype)
    shape = (case.shape[0], *net.config.output_shape(case.shape[2:]))
    weights = torch.randn((*shape, net.config.n_classes), generator=random, dtype=case.dtype)
    part, weights = data[:, :, rows].clone().requires_grad_(), weights[:, output_rows]
    where = None
    if case.labelled:
        where = torch.zeros(shape, dtype=torch.bool)
        where[:, list(case.labelled), ..., ::2] = True
        where = where[:, output_rows]
        weights = weights[where]
    with torch.no_grad():
        inferred = net(part, where)
    logits = net(part, where)
    loss = (logits * (weights if case.labelled else weights.movedim(-1, 1))).sum()
    for _ in range(case.passes):
        net.zero_grad()
        part.grad = None
        loss.backward(retain_graph=True)
    return {
        "inferred": on_volume(inferred.detach(), where),
        "logits": on_volume(logits.detach(), where),
        "of data": part.grad.movedim(1, -1),
        "error": net.monitor.error,
        "mode": str(net.monitor.mode),
    }


def on_volume(logits, where):
    """Logits where their voxels are, shape (batch, *output shape, n_classes)."""
    if where is None:
        return logits.movedim(1, -1)
    volume = logits.new_zeros(*where.shape, logits.shape[-1])
    volume[where] = logits
    return volume


def share(case, domain):
    """The outcome on this process's rows, and the summed gradients."""
    net = make_net(case)
    net.domain, n_rows = domain, case.shape[2]
    rows = domain.rows(net.config, n_rows)
    output_rows = domain.rows(net.config, n_rows, net.config.output_level)
    found = outcome(case, net, rows, output_rows)
    domain.sum_gradients(net.parameters())
    return found | {"of parameters": [p.grad for p in net.parameters()]}


def large_tensors(domain):
    """Bytes of new tensors of half a state of the slab and more: forward, and backward."""
    rows, plane, width = 64, (16, 8), 8
    config = {"width": width, "path": valley((1, 2), (4, 4))}
    net = make_net(Case(dtype=torch.float32, config=config, execution=ROW_BY_ROW))
    net.domain, state = domain, 4 * width * rows * math.prod(plane)
    data = torch.randn(1, 2, rows, *plane)
    with NewTensors(state // 2) as new:
        logits = net(data)
        seen = [new.seen()]
        logits.backward(torch.ones_like(logits))
        return state, [*seen, new.seen()]


def refusals(domain):
    """What is said of slabs that do not fit each other: the same on every process."""
    messages, rank = [], domain.rank
    for rows, width, mode in ((9, 4, "store"), (8, 4 + rank, "store"), (4, 4, "store")):
        messages.append(refusal(domain, rows, width, mode, {}))
    messages.append(refusal(domain, 8, 4, ["store", "reversible", "exact"][rank], {}))
    messages.append(refusal(domain, 8, 4, "store", {"map_axis": 0}))
    return messages


def refusal(domain, rows, width, mode, config):
    net = make_net(Case(mode, dtype=torch.float32, config=config))
    net.domain = domain
    try:
        net(torch.zeros(1, 2, rows, 4, width))
    except DomainError as error:
        return str(error)
    return "nothing"


def main(rank, size, folder):
    """Join the group, run all cases, save what was found."""
    with process_group(rank, size, folder):
        torch.save(run_all(Domain()), Path(folder) / f"{rank}.pt")


def run_all(domain):
    """Run all cases; what holds the group is gone after that."""
    found = {name: share(case, domain) for name, case in CASES.items()}
    return {"cases": found, "refusals": refusals(domain), "large": large_tensors(domain)}


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
