"""Labels run along the line that most of their neighbours are on."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.running import running_axes


def test_lines_of_both_directions_are_told_apart():
    labelled = np.zeros((60, 70), bool)
    labelled[20], labelled[:, 50] = True, True
    axes = running_axes(labelled)
    assert (axes[20, :45] == 1).all()
    assert (axes[30:, 50] == 0).all()


@pytest.mark.parametrize("gap", [slice(0, 0), slice(40, 72), slice(0, 8)])
def test_a_single_row_runs_along_itself_whatever_is_left_out(gap):
    labelled = np.ones((1, 200), bool)
    labelled[:, gap] = False
    assert (running_axes(labelled)[labelled] == 1).all()
    assert (running_axes(labelled.T)[labelled.T] == 0).all()
