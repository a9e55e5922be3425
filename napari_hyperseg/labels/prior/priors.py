"""The surfaces between layered classes, from all labels and from all but some of them.

What the network is trained with at a label must not know that label, or it would learn that the
prior is always right: each fold of the labels has surfaces that were made without it.  What
those miss there says by how much surfaces are off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.bounds import Grids


@dataclass(frozen=True, eq=False)
class Surfaces:
    """Surfaces from top to bottom, which do not cross.

    Parameters
    ----------
    samples : ndarray of float32, shape (n, n_inlines, n_crosslines)
        First sample below.
    spread : ndarray of float32, same shape
        How far off they may be, in samples: scale of a logistic distribution.
    """

    samples: Grids
    spread: Grids


@dataclass(frozen=True, eq=False)
class Priors:
    """Surfaces from all labels, and from those outside each fold.

    Parameters
    ----------
    whole : Surfaces
    folds : dict of int to Surfaces
        Without a fold, by its number; empty where labels cannot be parted.
    fold_of : ndarray of uint8, shape (n_inlines, n_crosslines)
        Fold of each labelled trace, from 1; else 0.
    """

    whole: Surfaces
    folds: dict[int, Surfaces]
    fold_of: NDArray[np.uint8]
