"""Discs around wells: the right voxels, each by its nearest well, whatever the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.stamps import tally
from napari_hyperseg.labels.wells.content import Well, WellInterval
from napari_hyperseg.labels.wells.discs import IN_METRES, IN_TRACES, Radius, default_radius
from napari_hyperseg.labels.wells.stamping import well_stamps
from napari_hyperseg.survey.geometry import Geometry

LEGEND = Legend.named(["Sand", "Shale", "Chalk"])


def well(i: float, j: float, *intervals: tuple[float, float, str | int], name: str = "A") -> Well:
    return Well(name, i, j, tuple(WellInterval(*interval) for interval in intervals))


def painted(stamps, geometry: Geometry) -> np.ndarray:
    """What an empty volume becomes; no voxel is written twice."""
    volume = np.zeros(geometry.shape, np.uint8)
    for stamp in stamps:
        assert not volume[stamp.box][stamp.where].any()
        np.copyto(volume[stamp.box], stamp.codes, where=stamp.where)
    return volume


def expected(wells: list[Well], geometry: Geometry, metres: float) -> np.ndarray:
    """Look at each trace and sample by itself."""
    volume = np.zeros(geometry.shape, np.uint8)
    to_xy = geometry.to_xy

    def xy(i: float, j: float) -> np.ndarray:
        return to_xy @ (*geometry.line_numbers(i, j), 1)

    for i, j, k in np.ndindex(geometry.shape):
        best = np.inf
        for one in wells:
            distance = np.hypot(*(xy(i, j) - xy(one.i, one.j)))
            near = distance <= metres or (i, j) == (round(one.i), round(one.j))
            for interval in one.intervals:
                first, last = (np.floor(z / 4 + 0.5) for z in (interval.top, interval.base))
                if near and distance < best and first <= k < last:
                    best, volume[i, j, k] = distance, 1 + LEGEND.names.index(interval.facies)
    return volume


@pytest.mark.parametrize("seed", range(6))
def test_every_voxel_has_the_nearest_well_that_speaks(geometry: Geometry, seed: int):
    random = np.random.default_rng(seed)
    falling = geometry.crosslines[:: 1 - 2 * (seed % 2)]
    survey = replace(geometry, n_samples=20, crosslines=falling)
    wells = []
    for _ in range(int(random.integers(1, 7))):
        ends = np.sort(random.uniform(-10, 90, 6)).reshape(3, 2)
        i, j = random.uniform(-0.5, 9.5), random.uniform(-0.5, 11.5)
        wells.append(well(i, j, *((*pair, LEGEND.names[n]) for n, pair in enumerate(ends))))
    metres = float(random.uniform(5, 80))
    stamps = well_stamps(wells, survey, LEGEND, Radius(metres)).stamps
    assert np.array_equal(painted(stamps, survey), expected(wells, survey, metres))


def test_an_interval_begins_with_the_sample_nearest_to_its_top(geometry: Geometry):
    found = well_stamps(
        [well(2, 3, (9.9, 17.9, "Sand"), (17.9, 30.1, "Chalk"))], geometry, LEGEND, Radius(1.0)
    )
    volume = painted(found.stamps, geometry)
    assert volume[2, 3, :10].tolist() == [0, 0, 1, 1, 3, 3, 3, 3, 0, 0]
    assert np.argwhere(volume.any(axis=2)).tolist() == [[2, 3]]


def test_a_radius_in_traces_is_a_circle_of_indices(geometry: Geometry):
    found = well_stamps([well(5, 5, (0, 40, "Sand"))], geometry, LEGEND, Radius(2, "traces"))
    traces = painted(found.stamps, geometry).any(axis=2)
    i, j = np.indices(traces.shape)
    assert np.array_equal(traces, np.hypot(i - 5, j - 5) <= 2)


def test_feet_on_the_map_are_metres_of_the_radius(geometry: Geometry):
    feet = replace(geometry, length_unit="ft", to_xy=geometry.to_xy / 0.3048)
    wells = [well(5, 5, (0, 40, "Sand"))]
    first, second = (well_stamps(wells, one, LEGEND, Radius(40)).stamps for one in (geometry, feet))
    assert np.array_equal(painted(first, geometry), painted(second, feet))


def test_dead_traces_and_other_lines_are_not_labelled(geometry: Geometry):
    live = np.ones(geometry.shape[:2], bool)
    live[5, 5] = False
    survey = replace(geometry, live=live)
    wanted = np.zeros_like(live)
    wanted[5] = True
    wells = [well(5, 5, (0, 40, "Sand"))]
    stamps = well_stamps(wells, survey, LEGEND, Radius(2, "traces"), wanted).stamps
    traces = painted(stamps, survey).any(axis=2)
    assert np.argwhere(traces).tolist() == [[5, 3], [5, 4], [5, 6], [5, 7]]


def test_what_labels_nothing_is_told(geometry: Geometry):
    wanted = np.zeros(geometry.shape[:2], bool)
    wanted[2] = True
    found = well_stamps(
        [
            well(2, 3, (0, 40, "Sand"), (40, 41, "Chalk"), (500, 600, "Chalk"), name="A"),
            well(2, 3, (0, 40, "Shale"), name="twin"),
            well(2, 6, (500, 600, "Sand"), name="deep"),
            well(9, 9, (0, 40, "Sand"), name="far"),
        ],
        geometry, LEGEND, Radius(2, "traces"), wanted,
    )  # fmt: skip
    assert found.wells == ("A",)
    assert found.left_out == (
        "A: 2 of 3 intervals lie outside 0-396 ms, or thinner than a sample, and label nothing.",
        "twin is left out: other wells are nearer to all traces within its radius.",
        "deep is left out: its intervals lie outside 0-396 ms, or thinner than a sample.",
        "far is left out: no trace to label lies within its radius.",
    )


def test_codes_and_names_mean_the_legend_s_classes(geometry: Geometry):
    found = well_stamps(
        [well(2, 3, (0, 40, 2), (40, 80, "sAND"), (80, 120, "Coal"), (120, 160, 9))],
        geometry, LEGEND,
    )  # fmt: skip
    assert set(tally(found.stamps, geometry.shape[:2]).voxels) == {1, 2}


def test_stamps_of_wide_discs_take_no_memory(geometry: Geometry):
    wide = replace(geometry, crosslines=np.arange(1000), inlines=np.arange(1000), n_samples=2000)
    (stamp,) = well_stamps(
        [well(500, 500, (0, 4000, "Sand"))], wide, LEGEND, Radius(200, "traces")
    ).stamps
    assert stamp.codes.size > 1e8
    assert stamp.codes.strides[:2] == (0, 0)
    assert stamp.where.strides[2] == 0


def test_many_wells_in_a_wide_survey(geometry: Geometry):
    wide = replace(geometry, crosslines=np.arange(1000), inlines=np.arange(1000))
    places = np.random.default_rng(0).uniform(0, 999, (600, 2))
    wells = [well(i, j, (0, 200, "Sand")) for i, j in places]
    found = well_stamps(wells, wide, LEGEND, Radius(5, "traces"))
    assert tally(found.stamps, wide.shape[:2]).traces > 30_000


def test_the_default_radius(geometry: Geometry):
    assert default_radius(geometry) == IN_METRES
    assert default_radius(replace(geometry, to_xy=None)) == IN_TRACES


@pytest.mark.parametrize(
    ("text", "radius"),
    [("50", Radius(50)), ("50 m", Radius(50)), ("12,5m", Radius(12.5)), ("7.5 metres", Radius(7.5)),
     ("3 traces", Radius(3, "traces")), ("1 trace", Radius(1, "traces")),
     ("4bins", Radius(4, "traces"))],
)  # fmt: skip
def test_typed_radii(text: str, radius: Radius):
    assert Radius.typed(text) == radius


@pytest.mark.parametrize("text", ["", "m", "-5", "fifty", "50 ft", "1e3", "5 0"])
def test_what_is_no_radius(text: str):
    with pytest.raises(WellError, match="A radius cannot be"):
        Radius.typed(text)


@pytest.mark.parametrize(
    ("radius", "message"),
    [(Radius(0), "more than 0"), (Radius(float("inf")), "more than 0"), (Radius(1e6), "reaches"),
     (Radius(201, "traces"), "no more than 200")],
)  # fmt: skip
def test_radii_that_cannot_be_used(geometry: Geometry, radius: Radius, message: str):
    with pytest.raises(WellError, match=message):
        well_stamps([well(1, 1, (0, 9, "Sand"))], geometry, LEGEND, radius)


def test_metres_need_a_map(geometry: Geometry):
    with pytest.raises(WellError, match="radius in traces"):
        well_stamps([], replace(geometry, to_xy=None), LEGEND, Radius(50))
