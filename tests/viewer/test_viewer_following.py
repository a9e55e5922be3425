"""Copied labels follow the seismic of a real file whose events dip from line to line."""

from __future__ import annotations

import numpy as np
import pytest
from napari.components import ViewerModel
from numpy.typing import NDArray

from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer.line_copy import CopyOptions
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.workspace import Workspace

DIPS = {Section.INLINE: 2, Section.CROSSLINE: -1}  # samples from line to line


@pytest.fixture
def addressed_volume() -> NDArray[np.float32]:
    """What the tiny file holds here: noise that dips in both directions, shape (6, 5, 20)."""
    noise = np.random.default_rng(3).normal(size=60)
    i, j, k = np.ogrid[:6, :5, :20]
    place = 20 + k - DIPS[Section.INLINE] * i - DIPS[Section.CROSSLINE] * j
    return noise[place].astype(np.float32)


@pytest.mark.parametrize("section", DIPS)
def test_labels_move_as_the_events_do(shown: ViewerModel, section):
    workspace = Workspace(shown, SessionModel())
    workspace.navigation.show(section)
    workspace.navigation.go_to(2)
    facies = workspace.interpretation.facies
    line, across = [slice(None)] * 3, {Section.INLINE: 1, Section.CROSSLINE: 0}[section]
    line[section], line[2] = 2, slice(8, 12)
    facies[tuple(line)] = 1
    workspace.line_copy.options = CopyOptions(lines=2, follow=True)
    moved = 2 * DIPS[section]
    assert workspace.line_copy.copy_on(1).endswith(f"moved by {4 * moved} ms.")
    line[section], line[2] = 4, slice(8 + moved, 12 + moved)
    assert (facies[tuple(line)] == 1).all()
    assert np.count_nonzero(np.take(facies, 4, section)) == 4 * facies.shape[across]
    workspace.undo()
    assert not np.take(facies, 4, section).any()
    workspace.close()
