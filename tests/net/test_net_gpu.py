"""A GPU computes what a CPU does, in every mode and precision, within as little memory."""

import pytest
import torch

from napari_hyperseg.net.grid import Grid
from napari_hyperseg.net.hyperbolic import valley
from napari_hyperseg.net.reading import lift

CUDA = torch.device("cuda")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device"),
]
PRECISIONS = ["float32", "tf32", "bf16", "fp16"]
NEAR = {"float32": 1e-4, "tf32": 1e-2, "bf16": 5e-2, "fp16": 1e-2}


def outcome(net, data, where=None):
    """Logits and all gradients, on the CPU."""
    data = data.detach().requires_grad_()
    logits = net(data, where)
    gradients = torch.autograd.grad(logits.square().sum(), [data, *net.parameters()])
    return [tensor.detach().cpu().double() for tensor in (logits, *gradients)]


def compare(found, wanted, bound):
    """Relative to the norm of each."""
    for ours, theirs in zip(found, wanted, strict=True):
        assert (ours - theirs).norm() < bound * theirs.norm()


@pytest.mark.parametrize("scratch_bytes", [1, 5000, None])
@pytest.mark.parametrize(
    "fields", [{}, {"dimensions": 2, "axes": (0, 1)}, {"map_axis": 1}], ids=str
)
def test_gpu_and_cpu_agree(make_net, mode, fields, scratch_bytes, run_in):
    dtype, bound = (torch.float32, 1e-3) if mode == "exact" else (torch.float64, 1e-9)
    net = make_net(path=valley((1, 2), (3, 4)), dtype=dtype, **fields)
    run_in(net, mode, scratch_bytes=scratch_bytes)
    data = torch.randn(2, 2, *(9, 8, 7)[: net.config.dimensions], dtype=dtype)
    where = torch.rand(2, *net.config.output_shape(data.shape[2:])) < 0.3
    wanted = [outcome(net, data), outcome(net, data, where)]
    net.to(CUDA)
    found = [outcome(net, data.to(CUDA)), outcome(net, data.to(CUDA), where.to(CUDA))]
    for ours, theirs in zip(found, wanted, strict=True):
        compare(ours, theirs, bound)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_errors_of_lower_precisions_are_bounded(make_net, mode, precision, run_in):
    net = make_net(width=16, path=valley((2, 2), (8, 8)), dtype=torch.float32).to(CUDA)
    data = torch.randn(1, 2, 16, 16, 16)
    wanted = outcome(run_in(net, "store").cpu(), data)
    run_in(net.to(CUDA), mode, precision=precision)
    grid = 1e-3 if mode == "exact" else 0
    compare(outcome(net, data.to(CUDA)), wanted, NEAR[precision] + grid)


def test_autocast(make_net, mode, run_in):
    net = run_in(make_net(path=valley((1, 2), (8, 8)), dtype=torch.float32).to(CUDA), mode)
    data = torch.randn(1, 2, 8, 8, 8, device=CUDA)
    wanted = net(data)
    with torch.autocast("cuda", dtype=torch.bfloat16):
        logits = net(data)
    assert logits.dtype == torch.float32
    assert 1e-5 < (logits - wanted).norm() / wanted.norm() < 5e-2
    logits.sum().backward()
    assert all(p.grad.dtype == torch.float32 for p in net.parameters())


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(
    ("scale", "layers", "changes", "side"),
    [
        (4.0, 2, 6, 8),
        pytest.param(4.0, 5, 6, 32, marks=pytest.mark.slow),
        pytest.param(1.0, 10, 20, 32, marks=pytest.mark.slow),
    ],
)
def test_inversion_on_a_grid_is_exact(make_net, precision, scale, layers, changes, side):
    """Layers on each of the stages between so many changes of level."""
    path = [(step % 2, layers, 8) for step in range(changes + 1)]
    how = {"mode": "exact", "precision": precision}
    net = make_net(dtype=torch.float32, activation="relu", path=path, execution=how).to(CUDA)
    with torch.no_grad():
        for kernel in net.kernels:
            kernel.mul_(scale)
    data = torch.randn(1, 2, side, side, side, device=CUDA)
    start = lift(data, net.config.width, Grid())
    back = net.invert(net.propagate(data))
    assert all(map(torch.equal, back, start))
    net(data).square().mean().backward()
    assert net.monitor.error == 0
    assert str(net.monitor.mode) == "exact"


@pytest.mark.parametrize(
    ("mode", "states"), [("reversible", 4), ("exact", 4), ("checkpoint(2)", 8)]
)
def test_peak_memory_of_a_training_step(make_net, mode, states, run_in):
    """States, adjoints and copies of six layers; a slab beside them."""
    path = valley((2, 2), (4, 4))
    net = make_net(dtype=torch.float32, width=8, path=path).to(CUDA)
    run_in(net, mode, scratch_bytes=2**22)
    data = torch.randn(1, 2, 128, 96, 96, device=CUDA)
    where = torch.zeros(1, 128, 96, 96, dtype=torch.bool, device=CUDA)
    where[0, 60] = True
    net(data, where).sum().backward()
    torch.cuda.synchronize()
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    net(data, where).sum().backward()
    state = 4 * 8 * 128 * 96 * 96
    peak = torch.cuda.max_memory_allocated() - before
    assert states * state <= peak < (states + 1) * state


def test_backward_twice(make_net, mode, run_in):
    net = run_in(make_net(path=valley((1, 2), (3, 4)), dtype=torch.float32).to(CUDA), mode)
    loss = net(torch.randn(1, 2, 8, 8, 8, device=CUDA)).square().sum()
    first = torch.autograd.grad(loss, list(net.parameters()), retain_graph=True)
    second = torch.autograd.grad(loss, list(net.parameters()))
    for one, two in zip(first, second, strict=True):
        torch.testing.assert_close(two, one, rtol=1e-3, atol=1e-3)
