"""What a configuration says about shapes, and what it refuses."""

import pytest

from napari_hyperseg.net.hyperbolic import NetConfig, Stage, valley
from napari_hyperseg.net.path import shallower

SMALL = {"in_channels": 2, "n_classes": 3}


@pytest.mark.parametrize(
    ("fields", "spatial", "wanted"),
    [
        ({}, (8, 9, 10), (8, 9, 10)),
        ({"path": valley((1, 1), (2, 2))[:2]}, (8, 9, 10), (4, 5, 5)),
        ({"path": valley((1, 1), (2, 2))[:2], "axes": (1,)}, (8, 9, 10), (8, 5, 10)),
        ({"path": valley((1, 1, 1), (2, 2, 2))[:3]}, (8, 9, 1), (2, 3, 1)),
        ({"path": ((0, 1, 2), (-1, 1, 2)), "width": 24}, (3, 4, 5), (6, 8, 10)),
        ({"map_axis": 1}, (8, 9, 10), (8, 10)),
        ({"map_axis": 2, "path": valley((1, 1), (2, 2))[:2]}, (7, 9, 10), (4, 5)),
        ({"dimensions": 2, "axes": (0, 1), "map_axis": 0}, (8, 9), (9,)),
    ],
)
def test_output_shape(fields, spatial, wanted):
    assert NetConfig(**SMALL, **fields).output_shape(spatial) == wanted


def test_channels_of_the_levels():
    config = NetConfig(1, 2, width=64)
    assert [config.channels(level) for level in (-2, -1, 0, 1, 2)] == [1, 8, 64, 512, 4096]
    config = NetConfig(1, 2, width=4, axes=(0, 2))
    assert [config.channels(level) for level in (-1, 0, 1)] == [1, 4, 16]


def test_multiples_of_the_coarsened_axes_alone():
    config = NetConfig(1, 2, path=valley((1, 1, 1), (2, 2, 2)), axes=(0, 2))
    assert config.multiple == (4, 1, 4)


def test_layers_and_levels_of_a_path():
    config = NetConfig(1, 2, path=[(0, 2, 3), (1, 0, 4), (2, 5, 6), (1, 1, 2)])
    assert config.layers == 8
    assert config.output_level == 1
    assert config.path[2] == Stage(level=2, layers=5, hidden=6)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"width": 1}, "width of 1 is too small for 2 input channels and 3 classes"),
        ({"width": 2}, "width of 2 is too small"),
        ({"width": 16, "path": ((0, 1, 2), (-1, 1, 2))}, "too small for 2 input channels"),
        (
            {"width": 12, "path": ((0, 1, 2), (-1, 1, 2))},
            "width of 12 cannot be refined to level -1",
        ),
        ({"dimensions": 1, "axes": (0,)}, "1 dimensions are not supported. Choose 2 or 3"),
        ({"dimensions": 4}, "4 dimensions are not supported"),
        ({"activation": "gelu"}, "Activation 'gelu' is unknown. Choose"),
        ({"axes": (0, 3)}, r"Axes \(0, 3\), map axis None: give axes of 3 dimensions"),
        ({"axes": (1, 0)}, "ascending"),
        ({"axes": (0, 0)}, "ascending"),
        ({"dimensions": 2}, "give axes of 2 dimensions"),
        ({"map_axis": 3}, "map axis 3"),
        ({"map_axis": -1}, "map axis -1"),
        ({"path": ()}, "The path has no stages"),
        ({"path": ((1, 1, 2),)}, "begins at level 1. Begin at 0"),
        ({"path": ((0, 1, 2), (2, 1, 2))}, "goes from level 0 to 2. Change the level by one"),
        ({"path": ((0, 1, 2), (0, 1, 2))}, "goes from level 0 to 0"),
        ({"path": ((0, -1, 2),)}, "layers=-1, hidden=2. is no stage"),
        ({"path": ((0, 1, 0),)}, "hidden=0. is no stage. Give it layers >= 0 and hidden >= 1"),
    ],
)
def test_what_cannot_be_built_is_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        NetConfig(**SMALL, **fields)


def test_the_least_width():
    assert NetConfig(**SMALL, width=3).width == 3
    assert NetConfig(**SMALL, width=24, path=((0, 1, 2), (-1, 1, 2))).channels(-1) == 3


def test_a_valley_goes_down_and_up():
    path = valley(layers=(1, 2, 3), hidden=(4, 5, 6))
    assert path == ((0, 1, 4), (1, 2, 5), (2, 3, 6), (1, 2, 5), (0, 1, 4))
    assert valley((3,), (2,)) == ((0, 3, 2),)


@pytest.mark.parametrize(("layers", "hidden"), [((), ()), ((1, 2), (3,)), ((1,), (2, 3))])
def test_a_valley_needs_as_many_ranks_as_levels(layers, hidden):
    with pytest.raises(ValueError, match=f"{len(layers)} levels have layers, {len(hidden)} a rank"):
        valley(layers, hidden)


def test_the_padded_shape_is_a_multiple_along_the_coarsened_axes():
    config = NetConfig(1, 2, axes=(0, 2))
    assert config.padded((5, 5, 8)) == (8, 5, 8)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (valley((1, 2, 3), (4, 5, 6)), (Stage(0, 1, 4), Stage(1, 4, 5), Stage(0, 1, 4))),
        ((Stage(0, 1, 2), Stage(1, 3, 4), Stage(0, 2, 5)), (Stage(0, 3, 5),)),
        ((Stage(0, 1, 2), Stage(1, 3, 4)), None),
        ((Stage(0, 1, 2),), None),
        ((Stage(0, 1, 2), Stage(-1, 1, 2)), None),
    ],
)
def test_a_path_without_its_coarsest_level(path, wanted):
    assert shallower(path) == wanted
