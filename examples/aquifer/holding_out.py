"""Setting labels aside, block by block, to score a map that has no truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from examples.aquifer.failure import AquiferError
from examples.aquifer.scene import Scene

BLOCKS_ALONG_SIDE = 16  # neighbours of a label say little about the map further off


def hold_out(scene: Scene, share: float, seed: int) -> Scene:
    """Take the labels of random blocks away, and make them the truth.

    Parameters
    ----------
    scene : Scene
    share : float
        Of the labelled blocks.
    seed : int

    Raises
    ------
    AquiferError
        If a class would be left without labels.
    """
    side = -(-max(scene.shape) // BLOCKS_ALONG_SIDE)
    rows, columns = np.indices(scene.shape) // side
    blocks = rows * BLOCKS_ALONG_SIDE + columns
    labelled = np.unique(blocks[scene.labels > 0])
    rng = np.random.default_rng(seed)
    chosen = rng.choice(labelled, max(1, round(share * len(labelled))), replace=False)
    aside = np.isin(blocks, chosen)
    labels = np.where(aside, 0, scene.labels).astype(np.uint8)
    gone = set(range(1, scene.n_classes + 1)) - set(np.unique(labels).tolist())
    if gone:
        names = ", ".join(scene.class_names[number - 1] for number in sorted(gone))
        raise AquiferError(
            f"Holding out {share:g} of the labels leaves none of {names}. Hold out less, "
            "or try another seed."
        )
    truth = np.where(aside, scene.labels, 0).astype(np.uint8)
    return replace(scene, labels=labels, truth=truth)
