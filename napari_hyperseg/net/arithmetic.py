"""How a chain computes: how states are kept, convolution precision, room for scratch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor

from napari_hyperseg.net import onednn
from napari_hyperseg.net.scratch import Copies, LayerSize, slab_height
from napari_hyperseg.net.storage import Floats, Storage
from napari_hyperseg.net.subdomain import Subdomain
from napari_hyperseg.net.workspace import Workspace

CPU = torch.device("cpu")
MIB = 2**20
CPU_SCRATCH = 20 * MIB  # larger slabs are no faster
CPU_SCRATCH_INFERENCE = 5 * MIB  # nor these, where there is one hidden tensor and no gradient


@dataclass(frozen=True)
class Arithmetic:
    """What the steps of a chain need to know to compute, beside states and parameters.

    Parameters
    ----------
    storage : Storage
        How the states are kept.
    scratch_bytes : int
        Budget for everything a layer needs beside states and adjoints; see `slab_height`.
    convolution_dtype : torch.dtype, optional
        Precision of the convolutions, where it is not that of the states.
    device : torch.device
    tf32 : bool
        Whether a GPU may round what float32 convolutions multiply to ten bits.
    training : bool
        Whether a backward pass comes.
    workspace : Workspace
        For one pass at a time; to be cleared when its layers are done.
    subdomain : Subdomain, optional
        Which rows of the volume there are, where other processes have the others.
    """

    storage: Storage = field(default_factory=Floats)
    scratch_bytes: int = CPU_SCRATCH
    convolution_dtype: torch.dtype | None = None
    device: torch.device = CPU
    tf32: bool = False
    training: bool = True
    workspace: Workspace = field(default_factory=Workspace, compare=False, repr=False)
    subdomain: Subdomain | None = None

    def height(self, hidden: int, shape: Sequence[int]) -> int:
        """Rows of a slab for a layer; the same whichever way it is run.

        Parameters
        ----------
        hidden : int
            m.
        shape : sequence of int
            (n, *spatial) of the state.
        """
        channels, *extent = shape
        layer = LayerSize(channels, hidden, tuple(extent))
        return slab_height(layer, self.copies, self.scratch_bytes, not self.hidden_alone)

    @property
    def hidden_alone(self) -> bool:
        """Whether a slab needs room for one hidden tensor, and for nothing else."""
        return not self.training and self.copies.fields == 0

    @property
    def copies(self) -> Copies:
        """What is copied of a slab, computing like this."""
        if self.convolution_dtype is not None:
            return Copies(self.storage.copies + 2, stacks=False)
        on_cpu = self.device.type == "cpu"
        sums = on_cpu and onednn.is_there()
        return Copies(self.storage.copies + (0 if sums else 1), stacks=on_cpu)

    @contextmanager
    def switches(self) -> Iterator[None]:
        """Set what torch decides globally: no autocast inside, the same kernels every time."""
        with ExitStack() as stack:
            stack.enter_context(torch.autocast(self.device.type, enabled=False))
            if self.device.type == "cuda":
                flags = torch.backends.cudnn.flags(
                    enabled=True, benchmark=False, deterministic=True, allow_tf32=self.tf32
                )
                stack.enter_context(flags)
            yield

    def operand(self, values: Tensor) -> Tensor:
        """Values in the precision of the convolutions."""
        return values if self.convolution_dtype is None else values.to(self.convolution_dtype)

    def result(self, values: Tensor) -> Tensor:
        """What a convolution gave, in the precision of the states' values."""
        return values if self.convolution_dtype is None else values.to(torch.float32)
