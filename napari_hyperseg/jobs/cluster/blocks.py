"""How a volume is cut for a cluster: blocks that one task predicts and writes as one file an array.

The cut depends on nothing but the volume, so that it is the same whoever takes part, and a
prediction that was stopped goes on elsewhere.
"""

from __future__ import annotations

import math

from napari_hyperseg.learn.boxes import Shape, tiles
from napari_hyperseg.learn.store import CHUNK
from napari_hyperseg.survey.geometry import Box

HEIGHT = 512  # samples: halos above and below would cost more than those beside
SMALL, LARGE = CHUNK, 2 * CHUNK  # traces along the side
MANY = 2**27  # voxels of a volume that has large blocks


def block_shape(shape: Shape) -> Shape:
    """Extent of a block along (inline, crossline, sample): a multiple of a chunk's.

    Large volumes have large blocks, so that there are thousands of files, not millions; none is
    so large that its worker is away for long.
    """
    width = LARGE if math.prod(shape) > MANY else SMALL
    height = min(HEIGHT, -(-shape[2] // CHUNK) * CHUNK)
    return width, width, height


def blocks_of(shape: Shape) -> list[Box]:
    """Cut a volume into blocks, without overlap."""
    return tiles(shape, block_shape(shape))
