"""Other networks of the same purpose: the invertible U-Net of iunets, and MONAI's BasicUNet.

iunets has its own way through the levels: it sets most channels aside before each
coarsening, so that their number doubles where ours grows eightfold, and it needs two levels
or more.  It gets as many layers on each level, the same width at full resolution, the same
ranks and our layer as its coupling; its resampling is fixed, not learned, for else it keeps
activations.  BasicUNet gets about as many parameters.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.net_peers import Leapfrog, lift, read
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig

_NEVER = 10**9


class Coupling(nn.Module):
    """One of our layers; the two fields are the two halves of the channels."""

    def __init__(self, channels: int, hidden: int, step_size: float) -> None:
        super().__init__()
        kernel = nn.init.xavier_uniform_(torch.empty(hidden, channels // 2, 3, 3, 3))
        kernel = kernel.contiguous(memory_format=torch.channels_last_3d)
        self.layer = Leapfrog(kernel, torch.zeros(hidden), step_size)

    def forward(self, state: Tensor) -> Tensor:
        """One step on."""
        return torch.cat(self.layer(*state.chunk(2, dim=1)), dim=1)

    def inverse(self, state: Tensor) -> Tensor:
        """One step back."""
        return torch.cat(self.layer.inverse(*state.chunk(2, dim=1)), dim=1)


class InvertibleUNet(nn.Module):
    """An iUNet with our layers; its path has to be a valley."""

    def __init__(self, config: NetConfig) -> None:
        from iunets import iUNet

        super().__init__()
        down = config.path[: len(config.path) // 2 + 1]
        if len(down) < 2:
            raise ValueError("iunets builds no network of a single level")
        counts = [stage.layers for stage in down[:-1]] + [down[-1].layers // 2]  # twice the last
        self.config, self.first = config, None
        self.net = iUNet(
            2 * config.width,
            tuple(counts),
            dim=3,
            create_module_fn=lambda channels, level, **_: Coupling(
                channels, down[level].hidden, config.step_size
            ),
            learnable_resampling=False,
            channel_mixing_freq=_NEVER,
            padding_mode=None,
            verbose=0,
        )

    def forward(self, data: Tensor, where: Tensor | None = None) -> Tensor:
        """Logits, at all voxels or at some."""
        state = torch.cat(lift(data, self.config.width), dim=1)
        self.first = state if torch.is_grad_enabled() else None
        return read(self.net(state), self.config.n_classes, where)

    def reconstruction_error(self, data: Tensor) -> float | None:
        """Compare what was left in the first state with the real one."""
        found, self.first = self.first, None
        wanted = torch.cat(lift(data, self.config.width), dim=1)
        return float((found - wanted).norm() / wanted.norm())


class BasicUNet(nn.Module):
    """MONAI's, with about as many parameters as a HyperbolicNet."""

    def __init__(self, net: HyperbolicNet) -> None:
        super().__init__()
        wanted = count_parameters(net)
        widths = range(4, 65)
        best = min(widths, key=lambda width: abs(count_parameters(_basic_unet(width)) - wanted))
        self.net = _basic_unet(best).to(memory_format=torch.channels_last_3d)
        self.n_classes = net.config.n_classes

    def forward(self, data: Tensor, where: Tensor | None = None) -> Tensor:
        """Logits, at all voxels or at some."""
        return read(self.net(data), self.n_classes, where)

    def reconstruction_error(self, data: Tensor) -> float | None:
        """Nothing is reconstructed."""
        return None


def count_parameters(net: nn.Module) -> int:
    """Number of weights that are trained."""
    return sum(p.numel() for p in net.parameters() if p.requires_grad)


def _basic_unet(width: int) -> nn.Module:
    from monai.networks.nets import BasicUNet as MonaiUNet

    features = (width, width, 2 * width, 4 * width, 8 * width, width)
    return MonaiUNet(3, 1, 2, features, norm=("instance", {"affine": True}))
