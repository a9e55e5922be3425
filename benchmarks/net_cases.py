"""A case of the network benchmarks: layers, size, a way to run them; what it should cost.

Knows nothing of how a case is run or measured.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import torch

from napari_hyperseg.net.budget import inference_footprint, training_footprint
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import NetConfig, Stage

OURS = ("reversible", "exact", "checkpoint(4)", "store")
LAYERED = ("autograd", "torch checkpoint", "memcnn")
UNETS = ("iunets", "MONAI BasicUNet")
MODES = (*OURS, *LAYERED, *UNETS)
CLASSES = 2
STEP_SIZE = 0.2  # h^2 = 0.04, as in the paper
# of a layer in a training step, counted; the others need 8
_CONVOLUTIONS = {"store": 6, "autograd": 6, "torch checkpoint": 7, "memcnn": 10}


@dataclass(frozen=True)
class Case:
    """One network, one size, one way to run it.

    Parameters
    ----------
    name : str
    mode : str
        One of `MODES`.
    path : tuple of Stage
    size : int
        Voxels along each axis.
    channels : int
        Of the state at full resolution.
    device : {"cpu", "cuda"}
    inference : bool
        Whether to measure that too.
    section : int
        The axis across which the one labelled section lies.  A crossline (1) has voxels in
        every row; an inline (0) is a row, from which the adjoint must spread first, and our
        networks leave out what it has not reached.
    """

    name: str
    mode: str
    path: tuple[Stage, ...]
    size: int
    channels: int = 8
    device: str = "cpu"
    inference: bool = True
    section: int = 1

    @classmethod
    def from_json(cls, text: str) -> Case:
        """Undo `to_json`."""
        fields = json.loads(text)
        return cls(**{**fields, "path": tuple(Stage(*stage) for stage in fields["path"])})

    def to_json(self) -> str:
        """Write as text."""
        return json.dumps(asdict(self))

    @property
    def config(self) -> NetConfig:
        """The network: one input channel, two classes."""
        return NetConfig(1, CLASSES, self.channels, self.path, step_size=STEP_SIZE)

    @property
    def state_bytes(self) -> int:
        """Size of one state (a position, say) in float32."""
        return 4 * self.channels * self.size**3

    @property
    def flops(self) -> int:
        """Multiplications and additions in the convolutions of a training step."""
        layers = sum(stage.layers * stage.hidden for stage in self.path)
        convolution = 2 * 27 * layers * self.channels * self.size**3
        return _CONVOLUTIONS.get(self.mode, 8) * convolution

    @property
    def predicted_bytes(self) -> dict[str, int]:
        """What `napari_hyperseg.net.budget` says, and the parameters; nothing for others."""
        if self.mode not in OURS:
            return {}
        config, shape = self.config, (self.size,) * 3
        execution, device = Execution(self.mode), torch.device(self.device)
        training = training_footprint(config, shape, execution, device, read=1 / self.size)
        inference = inference_footprint(config, shape, execution, device)
        parameters = training.gradients
        predicted = {"training": training.peak + parameters}
        if self.inference:
            predicted["inference"] = inference.peak + parameters
        return predicted

    @property
    def expected_bytes(self) -> int:
        """About what a training step needs: enough to tell whether to try."""
        if self.mode in OURS:
            return self.predicted_bytes["training"]
        layers = self.config.layers
        hidden = sum(s.layers * s.hidden / self.config.channels(s.level) for s in self.path)
        states = {
            "autograd": 10 + layers + hidden,
            "torch checkpoint": 12 + layers,
            "memcnn": 16,
            "iunets": 40,
            "MONAI BasicUNet": 80,
        }
        return int(states[self.mode] * self.state_bytes)

    def describe(self) -> dict[str, object]:
        """The columns that name the case."""
        ranks = list(dict.fromkeys(stage.hidden for stage in self.path))
        return {
            "case": self.name,
            "mode": self.mode,
            "layers": self.config.layers,
            "size": self.size,
            "channels": self.channels,
            "hidden": ranks[0] if len(ranks) == 1 else "/".join(map(str, ranks)),
        }


def flat(layers: int, hidden: int = 8) -> tuple[Stage, ...]:
    """Layers at full resolution only."""
    return (Stage(0, layers, hidden),)
