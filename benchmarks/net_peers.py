"""The layers of HyperbolicNet, with its weights, in the hands of others.

``autograd`` writes them with torch.conv3d and torch.conv_transpose3d, channels-last, and
lets autograd keep what it needs.  ``torch checkpoint`` puts K^T relu(K Y + b) of each layer
into torch.utils.checkpoint (with the sum inside, it would keep the velocity too).
``memcnn`` (MIT) puts each layer and Haar step, with its inverse, into an
InvertibleModuleWrapper of two tensors: the same map, spared the copies that its
AdditiveCoupling needs to halve and join the channels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import conv3d, conv_transpose3d
from torch.utils.checkpoint import checkpoint

from napari_hyperseg.net.haar import haar, inverse_haar
from napari_hyperseg.net.haar_step import HaarStep
from napari_hyperseg.net.hyperbolic import HyperbolicNet
from napari_hyperseg.net.leapfrog import LeapfrogStep

Fields = tuple[Tensor, Tensor]  # position and velocity


class Leapfrog(nn.Module):
    """velocity -= h^2 * K^T relu(K position + b); position += velocity."""

    def __init__(self, kernel: Tensor, bias: Tensor, step_size: float) -> None:
        super().__init__()
        self.kernel, self.bias, self.a = nn.Parameter(kernel), nn.Parameter(bias), step_size**2

    def spread(self, position: Tensor) -> Tensor:
        """K^T relu(K position + b)."""
        hidden = torch.relu_(conv3d(position, self.kernel, self.bias, padding=1))
        return conv_transpose3d(hidden, self.kernel, padding=1)

    def forward(self, position: Tensor, velocity: Tensor) -> Fields:
        """One step on."""
        velocity = torch.sub(velocity, self.run(position), alpha=self.a)
        return position + velocity, velocity

    def run(self, position: Tensor) -> Tensor:
        """What autograd sees of `spread`."""
        return self.spread(position)

    def inverse(self, position: Tensor, velocity: Tensor) -> Fields:
        """One step back."""
        position = position - velocity
        return position, torch.add(velocity, self.spread(position), alpha=self.a)


class CheckpointedLeapfrog(Leapfrog):
    """Keeps the position, computes the rest twice."""

    def run(self, position: Tensor) -> Tensor:
        """Not much."""
        return checkpoint(self.spread, position, use_reentrant=False)


class Haar(nn.Module):
    """Both fields, coarser or finer."""

    def __init__(self, axes: tuple[int, ...], refine: bool) -> None:
        super().__init__()
        self.axes, self.refine = axes, refine

    def forward(self, position: Tensor, velocity: Tensor) -> Fields:
        """Coarsen, or refine."""
        return self.turn(position, self.refine), self.turn(velocity, self.refine)

    def inverse(self, position: Tensor, velocity: Tensor) -> Fields:
        """Refine, or coarsen."""
        return self.turn(position, not self.refine), self.turn(velocity, not self.refine)

    def turn(self, field: Tensor, refine: bool) -> Tensor:
        """Transform one field."""
        result = inverse_haar(field, self.axes) if refine else haar(field, self.axes)
        return result if torch.is_grad_enabled() else result.data  # memcnn takes no views


class Autograd(nn.Module):
    """The chain of a HyperbolicNet, whose parameters it takes over."""

    layer: type[Leapfrog] = Leapfrog

    def __init__(self, net: HyperbolicNet) -> None:
        super().__init__()
        self.config = net.config
        weights = iter(zip(net.kernels, net.biases, strict=True))
        self.steps = nn.ModuleList(
            self.layer(*(p.detach() for p in next(weights)), step.step_size)
            if isinstance(step, LeapfrogStep)
            else _haar(step)
            for step in net.steps
        )

    def forward(self, data: Tensor, where: Tensor | None = None) -> Tensor:
        """Logits, at all voxels or at some."""
        state = self.start(data)
        for step in self.steps:
            state = step(*state)
        return read(state[0], self.config.n_classes, where)

    def start(self, data: Tensor) -> Fields:
        """Make the first state."""
        return lift(data, self.config.width)

    def reconstruction_error(self, data: Tensor) -> float | None:
        """Nothing is reconstructed."""
        return None


class Checkpointed(Autograd):
    """Recomputes hidden tensors layer by layer."""

    layer = CheckpointedLeapfrog


class Memcnn(Autograd):
    """Keeps the last state, recomputes the others."""

    def __init__(self, net: HyperbolicNet) -> None:
        from memcnn import InvertibleModuleWrapper

        super().__init__(net)
        self.steps = nn.ModuleList(InvertibleModuleWrapper(step) for step in self.steps)
        self.first: Fields | None = None

    def start(self, data: Tensor) -> Fields:
        """Make the first state, and remember it while training."""
        state = super().start(data)
        self.first = state if torch.is_grad_enabled() else None
        return state

    def reconstruction_error(self, data: Tensor) -> float | None:
        """Compare what memcnn left in the tensors of the first state with the real one."""
        assert self.first is not None
        position, velocity = self.first
        self.first = None
        lifted, _ = lift(data, self.config.width)
        apart = torch.stack([(position - lifted).norm(), velocity.norm()]).norm()
        return float(apart / lifted.norm())


def lift(data: Tensor, width: int) -> Fields:
    """Repeat one channel; the wave starts at rest."""
    position = data.expand(-1, width, -1, -1, -1).contiguous(memory_format=torch.channels_last_3d)
    return position, torch.zeros_like(position)


def read(field: Tensor, n_classes: int, where: Tensor | None) -> Tensor:
    """Logits: the first channels, at all voxels or at some."""
    logits = field[:, :n_classes]
    return logits if where is None else logits.movedim(1, -1)[where]


def _haar(step: object) -> Haar:
    assert isinstance(step, HaarStep)
    return Haar(step.axes, step.refine)
