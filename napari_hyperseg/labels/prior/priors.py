"""The surfaces between layered classes, from all labels and from all but some of them.

Each fold of the labels has surfaces that were made without it: what those miss there says by how
much surfaces are off, and whether the network knows better.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    whole: Surfaces
    folds: dict[int, Surfaces]
