"""The shape of a network: channels, levels, ranks.  Pure numbers, no tensors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from napari_hyperseg.net.path import Path, Stage, check, valley

ACTIVATION_NAMES = ("relu", "tanh")
USUAL_PATH = valley(layers=(1, 8, 2), hidden=(16, 16, 16))


@dataclass(frozen=True)
class NetConfig:
    """The shape of a HyperbolicNet.

    Parameters
    ----------
    in_channels : int
        Channels of the data.
    n_classes : int
        Class channels read from the output.
    width : int
        Channels after lifting, n; at least `in_channels`, and `n_classes` at the output.
    path : tuple of Stage
        Layers, level by level.  The last level is the output's: 1 for half the input's
        resolution, -1 for twice.
    axes : tuple of int
        Spatial axes that Haar coarsens.
    step_size : float
        h of the leapfrog step.
    activation : {"relu", "tanh"}
    dimensions : {2, 3}
    map_axis : int, optional
        Spatial axis of which the middle slice is read: a 2D map from a 3D block.
    """

    in_channels: int
    n_classes: int
    width: int = 8
    path: Path = USUAL_PATH
    axes: tuple[int, ...] = (0, 1, 2)
    step_size: float = 0.5
    activation: str = "relu"
    dimensions: int = 3
    map_axis: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", tuple(Stage(*stage) for stage in self.path))
        check(self.path)
        spatial = set(range(self.dimensions))
        if self.dimensions not in (2, 3):
            raise ValueError(f"{self.dimensions} dimensions are not supported. Choose 2 or 3.")
        if self.activation not in ACTIVATION_NAMES:
            raise ValueError(
                f"Activation {self.activation!r} is unknown. Choose one of "
                f"{', '.join(ACTIVATION_NAMES)}."
            )
        ascending = sorted(set(self.axes)) == list(self.axes)
        if not ascending or not {*self.axes, self.map_axis or 0} <= spatial:
            raise ValueError(
                f"Axes {self.axes}, map axis {self.map_axis}: give axes of {self.dimensions} "
                "dimensions, counted from 0, ascending."
            )
        self._check_width()

    def _check_width(self) -> None:
        for stage in self.path:
            if self.width % 2 ** (len(self.axes) * max(0, -stage.level)):
                raise ValueError(
                    f"A width of {self.width} cannot be refined to level {stage.level} along "
                    f"{len(self.axes)} axes. Choose a multiple of "
                    f"{2 ** (len(self.axes) * -stage.level)}."
                )
        if self.width < self.in_channels or self.channels(self.output_level) < self.n_classes:
            raise ValueError(
                f"A width of {self.width} is too small for {self.in_channels} input channels and "
                f"{self.n_classes} classes. Choose a larger one."
            )

    @property
    def output_level(self) -> int:
        """Level of the logits."""
        return self.path[-1].level

    @property
    def layers(self) -> int:
        """Number of leapfrog steps."""
        return sum(stage.layers for stage in self.path)

    @property
    def levels(self) -> int:
        """Number of resolutions."""
        return len({stage.level for stage in self.path})

    @property
    def multiple(self) -> tuple[int, ...]:
        """What the size along each spatial axis is padded to a multiple of."""
        coarsest = 2 ** max(stage.level for stage in self.path)
        return tuple(coarsest if axis in self.axes else 1 for axis in range(self.dimensions))

    def padded(self, spatial: Sequence[int]) -> tuple[int, ...]:
        """What data of a spatial shape are padded to."""
        pairs = zip(spatial, self.multiple, strict=True)
        return tuple(math.ceil(size / unit) * unit for size, unit in pairs)

    def channels(self, level: int) -> int:
        """Channels of the state on a level."""
        power = len(self.axes) * level
        return self.width * 2**power if power >= 0 else self.width // 2**-power

    def extent(self, spatial: Sequence[int], level: int) -> tuple[int, ...]:
        """Size of a volume on another level, rounded up."""
        return tuple(
            math.ceil(size / 2**level) if axis in self.axes else size
            for axis, size in enumerate(spatial)
        )

    def output_shape(self, spatial: Sequence[int]) -> tuple[int, ...]:
        """Spatial shape of the logits for data of a spatial shape."""
        extent = self.extent(spatial, self.output_level)
        return tuple(size for axis, size in enumerate(extent) if axis != self.map_axis)
