"""Which gains on a few held-out labels are no chance.

Few labels are held out, a line or two in patches, and there a network that knows nothing may mend
by chance what was expected; one that by itself comes near to that knows something.  Wrong samples
are counted by stretches of traces, as those side by side are right or wrong together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

COMPARABLE = 2  # times as many samples may be wrong with the network alone, to begin with
CERTAIN = 0.8  # that fewer samples are wrong with the network than without
SLACK = 0.5  # standard errors by which a smaller share of the network may be worse than the best


def about_as_good(more: NDArray[np.integer]) -> bool:
    """Whether a balance is not worse than the best one by more than half a standard error.

    Parameters
    ----------
    more : ndarray of int, shape (n,)
        How many more samples of each stretch are wrong with it.
    """
    if len(more) < 2:
        return bool(more.sum() <= 0)
    return bool(more.sum() <= SLACK * more.std(ddof=1) * np.sqrt(len(more)))


def begins_to_count(wrong: NDArray[np.integer]) -> bool:
    """Whether the network comes near to what is expected by itself, and labels agree on the gain.

    Parameters
    ----------
    wrong : ndarray of int, shape (n, 3)
        Wrong samples of each stretch by what is expected, by both, and by the network alone.
    """
    expected, _, alone = wrong.sum(axis=0)
    return bool(alone <= COMPARABLE * expected) and _is_clear(wrong[:, 0] - wrong[:, 1])


def _is_clear(gains: NDArray[np.integer]) -> bool:
    """Whether stretches of the labels agree that there is a gain: Student's test, one-sided."""
    if len(gains) < 2 or gains.sum() <= 0:
        return False
    error = gains.std(ddof=1) / np.sqrt(len(gains))
    return bool(gains.mean() > stdtrit(len(gains) - 1, CERTAIN) * error)
