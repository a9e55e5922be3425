"""The legend: contiguous codes, and colours that eyes of all kinds tell apart."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
from colour_vision import JUST_NOTICEABLE, VISION, lab_of

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.legend import FaciesClass, Legend
from napari_hyperseg.labels.palette import PALETTE


@pytest.mark.parametrize("vision", VISION)
def test_default_colours_differ_clearly(vision: str):
    seen = [lab_of(color, vision) for color in PALETTE]
    distances = [np.linalg.norm(a - b) for a, b in combinations(seen, 2)]
    assert len(PALETTE) >= 12
    assert min(distances) > 6 * JUST_NOTICEABLE


def test_default_colours_stand_out_from_grey_seismic():
    for color in PALETTE:
        _, a, b = lab_of(color, "normal")
        assert np.hypot(a, b) > 30, color


def test_a_default_legend_counts_from_one():
    legend = Legend.default(3)
    assert legend.names == ("Class 1", "Class 2", "Class 3")
    assert [facies.code for facies in legend.classes] == [1, 2, 3]
    assert len({legend.color_of(code) for code in (1, 2, 3)}) == 3


def test_changes_leave_the_old_legend():
    legend = Legend.default(2)
    changed = legend.renamed(2, "Salt").recoloured(1, "#000000").with_class().with_class("Mud")
    assert changed.names == ("Class 1", "Salt", "Class 3", "Mud")
    assert changed.color_of(1) == "#000000"
    assert legend == Legend.default(2)
    assert legend.grown_to(1) is not None
    assert legend.grown_to(4).n_classes == 4
    assert legend.grown_to(1) == legend


def test_a_legend_comes_back_from_json():
    legend = Legend.named(["Top", "Reservoir — Øvre"]).recoloured(2, "#ABCDEF")
    legend = legend.moved(2, -1).shown(1, False).locked(2, True)
    assert Legend.from_json(json.loads(json.dumps(legend.to_json()))) == legend


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ([FaciesClass(2, "a", "#000000")], "must be 1, 2"),
        ([FaciesClass(1, "a", "#000000"), FaciesClass(1, "b", "#000000")], "must be 1, 2"),
        ([FaciesClass(1, "a", "#000000"), FaciesClass(2, "a", "#111111")], "same name"),
    ],
)
def test_codes_and_names_must_be_unique(classes, message):
    with pytest.raises(LabelError, match=message):
        Legend(tuple(classes))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"code": 0, "name": "a", "color": "#000000"}, "outside 1-255"),
        ({"code": 256, "name": "a", "color": "#000000"}, "outside 1-255"),
        ({"code": 1, "name": " ", "color": "#000000"}, "needs a name"),
        ({"code": 1, "name": "a\nb", "color": "#000000"}, "printable"),
        ({"code": 1, "name": "a", "color": "red"}, "#rrggbb"),
        ({"code": 1, "name": "a"}, "cannot be read"),
        ({"code": "1", "name": "a", "color": "#000000"}, "cannot be read"),
        ({"code": True, "name": "a", "color": "#000000"}, "outside 1-255"),
        ({"code": 1, "name": "a", "color": "#000000", "visible": 1}, "visible or not"),
        ({"code": 1, "name": "a", "color": "#000000", "locked": "no"}, "locked or not"),
        ("text", "cannot be read"),
    ],
)
def test_what_is_no_class_is_refused(fields, message):
    with pytest.raises(LabelError, match=message):
        Legend.from_json([fields])


def test_a_code_beyond_the_legend_is_named():
    with pytest.raises(LabelError, match="no class 4: its codes are 1-3"):
        Legend.default(3).color_of(4)


@pytest.mark.parametrize(
    ("code", "places", "codes"),
    [
        (1, 1, (2, 1, 3, 4)),
        (1, 3, (2, 3, 4, 1)),
        (4, -2, (1, 4, 2, 3)),
        (2, 0, (1, 2, 3, 4)),
        (3, 99, (1, 2, 4, 3)),
        (3, -99, (3, 1, 2, 4)),
    ],
)
def test_a_class_moves_and_keeps_its_code(code, places, codes):
    legend = Legend.named("abcd")
    moved = legend.moved(code, places)
    assert moved.codes == codes
    assert moved[code] is legend[code]
    assert set(moved.classes) == set(legend.classes)


def test_a_class_is_found_by_its_code_wherever_it_is():
    legend = Legend.named("abc").moved(3, -2).renamed(3, "salt").recoloured(1, "#111111")
    assert legend.names == ("salt", "a", "b")
    assert legend[3].name == "salt"
    assert legend.color_of(1) == "#111111"


def test_classes_are_hidden_and_locked_one_by_one():
    legend = Legend.default(3).shown(2, False).locked(3, True).locked(1, True)
    assert [facies.visible for facies in legend.classes] == [True, False, True]
    assert legend.locked_codes == {1, 3}
    assert legend.locked(1, False).shown(2, True).locked_codes == {3}
    assert Legend(()).locked_codes == frozenset()


def test_a_new_class_takes_the_next_code_at_the_end_and_a_name_that_is_free():
    legend = Legend.default(2).renamed(1, "Class 3").moved(1, 1)
    grown = legend.with_class()
    assert grown.codes == (2, 1, 3)
    assert grown.names == ("Class 2", "Class 3", "Class 4")


def test_the_highest_code_goes_wherever_it_is():
    legend = Legend.default(3).moved(3, -2)
    assert legend.without_last().codes == (1, 2)


def test_no_more_classes_than_a_byte_holds():
    with pytest.raises(LabelError, match="256 is outside 1-255"):
        Legend.default(255).with_class()
