"""The classes of wells find those of the legend, or become new ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.wells.classes import code_of, facies_of, legend_of_wells

FILE = Path("wells.csv")


@pytest.mark.parametrize(
    ("legend", "named", "classes", "names"),
    [
        (["Sand"], True, ["SAND", "Shale"], ("Sand", "Shale")),
        (["Sand"], True, ["Shale", "Chalk", "sand"], ("Sand", "Shale", "Chalk")),
        (["Class 1", "Class 2"], False, ["Sand"], ("Sand",)),
        (["Class 1", "Class 2"], True, ["Sand"], ("Class 1", "Class 2", "Sand")),
        (["Class 1", "Class 2"], False, ["class 2", "Sand"], ("Class 1", "Class 2", "Sand")),
        (["Class 1", "Class 2"], False, [3, 1], ("Class 1", "Class 2", "Class 3")),
        (["Sand"], True, [3, "Class 3"], ("Sand", "Class 2", "Class 3")),
    ],
)
def test_the_legend_grows(legend, named, classes, names):
    assert legend_of_wells(FILE, classes, Legend.named(legend), named=named).names == names


def test_names_before_codes_and_exact_names_before_others():
    legend = Legend.named(["sand", "Sand", "2"])
    assert [code_of(one, legend) for one in ("Sand", "SAND", "2", 2, 4, "clay")] == [
        2, 1, 3, 2, None, None,
    ]  # fmt: skip


def test_numbers_are_codes_only_where_codes_may_be():
    assert facies_of(FILE, ["1", "2.0", "0", "clay"], by_code=True) == [1, 2, None, "clay"]
    assert facies_of(FILE, ["1", "100"], by_code=False) == ["1", "100"]


def test_no_more_than_255_classes():
    with pytest.raises(WellError, match="more than 255"):
        legend_of_wells(FILE, [f"n{n}" for n in range(255)], Legend.named(["Sand"]))
