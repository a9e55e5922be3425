import pytest
import torch

from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig, valley


@pytest.fixture
def make_net():
    """Build a small float64 network with weights away from their initial symmetry."""

    def make(seed=0, **fields):
        torch.manual_seed(seed)
        defaults = {
            "in_channels": 2,
            "n_classes": 3,
            "width": 4,
            "path": valley((1, 2, 1), (3, 4, 5)),
            "activation": "tanh",
        }
        net = HyperbolicNet(NetConfig(**{**defaults, **fields})).double()
        with torch.no_grad():
            for bias in net.biases:
                bias.normal_(std=0.3)
        return net

    return make
