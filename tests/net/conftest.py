import pytest
import torch
from plain_net import plain_logits

from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig, valley

MODES = ["reversible", "exact", "checkpoint(1)", "checkpoint(2)", "store"]
FLOAT_MODES = [mode for mode in MODES if mode != "exact"]


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Tiny tensors gain nothing from more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(params=MODES)
def mode(request):
    """Every way to get at the states of the forward pass."""
    return request.param


@pytest.fixture(params=FLOAT_MODES)
def float_mode(request):
    """Those that keep the states as they are."""
    return request.param


@pytest.fixture
def make_net():
    """Build a small network with weights away from their initial symmetry."""

    def make(seed=0, dtype=torch.float64, execution=None, **fields):
        torch.manual_seed(seed)
        defaults = {
            "in_channels": 2,
            "n_classes": 3,
            "width": 4,
            "path": valley((1, 2, 1), (3, 4, 5)),
            "activation": "tanh",
        }
        net = HyperbolicNet(NetConfig(**{**defaults, **fields})).to(dtype)
        net.execution = Execution(**(execution or {}))
        with torch.no_grad():
            for bias in net.biases:
                bias.normal_(std=0.3)
        return net

    return make


@pytest.fixture
def run_in():
    """Have a network run in a mode."""

    def set_mode(net, mode, **fields):
        net.execution = Execution(mode=mode, **fields)
        return net

    return set_mode


@pytest.fixture
def compare():
    """Compare logits and all gradients of a network with plain autograd, in float64."""
    return agree


def agree(net, data, where=None, *, rtol=1e-9):
    """Fail unless both passes agree; `rtol` is relative to the norm of each tensor."""
    data = data.detach().requires_grad_()
    leaves = [data, *net.parameters()]
    logits = net(data, where)
    weights = torch.randn(logits.shape, dtype=torch.float64).to(logits)
    found = [logits, *torch.autograd.grad(logits, leaves, weights)]
    doubles = [leaf.detach().double().requires_grad_() for leaf in leaves]
    kernels, biases = doubles[1 : 1 + len(net.kernels)], doubles[1 + len(net.kernels) :]
    logits = plain_logits(net.config, kernels, biases, doubles[0], where)
    wanted = [logits, *torch.autograd.grad(logits, doubles, weights.double())]
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours.shape == theirs.shape
        assert off(ours, theirs) < rtol
        assert theirs.abs().max() > 0


def off(found, wanted):
    """Relative distance in the maximum norm."""
    return ((found.double() - wanted).abs().max() / wanted.abs().max()).item()
