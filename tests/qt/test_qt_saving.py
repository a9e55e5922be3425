"""A real window: layers saved through the File menu, and zarr volumes opened beside the dock."""

from __future__ import annotations

import numpy as np
import pytest
from napari.layers import Labels
from qtpy.QtWidgets import QFileDialog

from napari_hyperseg.survey.export.opening import open_zarr_volume
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.viewer.reader import read
from napari_hyperseg.viewer.sections import Section, shown_section
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window


@pytest.fixture
def opened(window, dock, labelled, wait):
    """The dock with a project that has labels."""
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled not in (None, ()))
    return dock


@pytest.fixture
def save_as(window, monkeypatch):
    """A function that presses File > Save Selected Layers and answers with this name."""

    def save(layer, path):
        def answer(*_, filter: str, **__):
            ours = [one for one in filter.split(";;") if "hyperseg" in one]
            assert len(ours) == 1
            return str(path), ours[0]

        monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
        window.layers.selection = {layer}
        actions = window.window.file_menu.actions()
        next(one for one in actions if "Save Selected" in one.text()).trigger()

    return save


@pytest.mark.parametrize("suffix", [".sgy", ".ome.zarr"])
def test_the_menu_saves_what_was_painted(window, opened, save_as, tmp_path, suffix):
    labels, path = opened.workspace.layer(Role.LABELS), tmp_path / f"saved{suffix}"
    save_as(labels, path)
    found = open_survey(path).volume if suffix == ".sgy" else open_zarr_volume(path).levels[0]
    assert np.array_equal(found[:], labels.data)


def test_a_saved_volume_lies_over_the_survey_that_stays_open(
    window, opened, save_as, tmp_path, pause_for
):
    tag = opened.workspace.tag
    save_as(opened.workspace.layer(Role.LABELS), tmp_path / "saved.ome.zarr")
    window.open(str(tmp_path / "saved.ome.zarr"), plugin="napari-hyperseg")
    saved = window.layers[-1]
    assert isinstance(saved, Labels)
    pause_for(0.3)
    assert opened.workspace.tag == tag
    seismic = opened.workspace.layer(Role.AMPLITUDE)
    assert np.array_equal(saved.extent.world, seismic.extent.world)


def test_a_volume_alone_is_shown_as_a_section_and_leaves_the_dock_alone(
    window, dock, opened, save_as, tmp_path, pause_for
):
    save_as(opened.workspace.layer(Role.AMPLITUDE), tmp_path / "alone.ome.zarr")
    window.layers.clear()
    pause_for(0.3)
    window.open(str(tmp_path / "alone.ome.zarr"), plugin="napari-hyperseg")
    pause_for(0.3)
    assert shown_section(window) is Section.INLINE
    assert dock.workspace.tag is None
    assert len(window.layers) == len(read(str(tmp_path / "alone.ome.zarr"))) == 1
