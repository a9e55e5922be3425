"""What a prediction of the survey of several blocks is, and whether two are the same."""

from __future__ import annotations

import numpy as np
import zarr

VOXELS = 140 * 72 * 40


def arrays_of(spec):
    group = zarr.open_group(spec.surveys[0].prediction, mode="r")
    return {name: group[name][:] for name in ("facies", "confidence", "below") if name in group}


def check_same(found, expected):
    """Blocks see their neighbours as far as their halo goes: nearly all is the same."""
    assert found.keys() == expected.keys()
    assert np.mean(found["facies"] == expected["facies"]) > 0.999
    for name, tolerance in (("confidence", 3), ("below", 5)):
        difference = np.abs(found[name].astype(int) - expected[name])
        assert np.quantile(difference, 0.999) <= tolerance
