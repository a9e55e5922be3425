"""Classes in stratigraphic order: what is most likely of each trace as a whole.

Sample by sample, the most likely class may be one that belongs above the one before.  Of all ways
down a trace that pass through the classes in their order, leaving some out or not, the most likely
one is found by dynamic programming (Viterbi, IEEE Trans. IT 13, 1967; here no class comes back).
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from napari_hyperseg.labels.order import Order, ranks_of


def most_likely(logits: Tensor, order: Order = ()) -> Tensor:
    """Class of every voxel, from 0.

    Parameters
    ----------
    logits : Tensor, shape (n_classes, i, j, k)
    order : tuple of int
        All codes from top to bottom, if no class may lie below one that belongs further down.

    Returns
    -------
    Tensor of int64, shape (i, j, k)
    """
    winner = logits.argmax(dim=0)
    if not order:
        return winner
    ranks = torch.from_numpy(ranks_of(order)).to(winner.device)[winner + 1].short()
    broken = (ranks[..., 1:] < ranks[..., :-1]).any(dim=-1)
    if broken.any():
        places = np.asarray(order) - 1
        found = places[ordered_ranks(logits[:, broken].cpu().numpy()[places])]
        winner[broken] = torch.from_numpy(found).to(winner)
    return winner


def ordered_ranks(gains: NDArray[np.floating]) -> NDArray[np.intp]:
    """Ranks of the way down each trace that gains most.

    Parameters
    ----------
    gains : ndarray of float, shape (n_ranks, n_traces, n_samples)
        From top to bottom.

    Returns
    -------
    ndarray of int, shape (n_traces, n_samples)
        From 0, never less than above.
    """
    n_ranks, n_traces, n_samples = gains.shape
    came_from = np.empty((n_samples, n_ranks, n_traces), np.uint8)
    reached = np.zeros((n_ranks, n_traces), gains.dtype)
    for sample in range(n_samples):
        best, before = reached.copy(), came_from[sample]
        before[:] = np.arange(n_ranks)[:, None]
        for rank in range(1, n_ranks):
            better = best[rank - 1] > best[rank]
            best[rank] = np.where(better, best[rank - 1], best[rank])
            before[rank] = np.where(better, before[rank - 1], before[rank])
        reached = best + gains[..., sample]
    return _traced_back(came_from, reached.argmax(axis=0))


def _traced_back(came_from: NDArray[np.uint8], last: NDArray[np.intp]) -> NDArray[np.intp]:
    """Follow each trace's way up from its last rank."""
    ranks = np.empty((len(last), len(came_from)), np.intp)
    here = last
    for sample in reversed(range(len(came_from))):
        ranks[:, sample] = here
        here = came_from[sample, here, np.arange(len(here))].astype(np.intp)
    return ranks
