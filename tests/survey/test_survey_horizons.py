"""Horizon files: read onto the grid, written back, refused with a reason."""

import numpy as np
import pytest

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizons import read_horizon, write_horizon

GEOMETRY = Geometry(np.arange(10, 22, 2), np.arange(31, 36), 20, 100.0, 4.0)


def wavy():
    return np.round(140 + 9 * np.sin(np.arange(30.0)).reshape(6, 5), 2)


def test_a_horizon_comes_back_as_written(tmp_path):
    horizon = wavy()
    horizon[2, 3] = np.nan
    write_horizon(tmp_path / "top.txt", horizon, GEOMETRY)
    assert np.array_equal(read_horizon(tmp_path / "top.txt", GEOMETRY), horizon, equal_nan=True)
    assert (tmp_path / "top.txt").read_text().splitlines()[0] == f"10 31 {horizon[0, 0]:.2f}"


def test_descending_lines_are_found(tmp_path):
    reverse = Geometry(GEOMETRY.inlines[::-1], GEOMETRY.crosslines, 20, 100.0, 4.0)
    write_horizon(tmp_path / "top.txt", wavy(), GEOMETRY)
    assert np.array_equal(read_horizon(tmp_path / "top.txt", reverse), wavy()[::-1])


def test_what_lies_outside_is_left_out(tmp_path):
    path = tmp_path / "top.txt"
    path.write_text("# picks\n10 31 120\n11 31 121\n10 36 122\n8 31 123\n20 35 124.5\n10 32 1e30\n")
    horizon = read_horizon(path, GEOMETRY)
    assert np.argwhere(np.isfinite(horizon)).tolist() == [[0, 0], [5, 4]]
    assert (horizon[0, 0], horizon[5, 4]) == (120.0, 124.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it has 0 columns"),
        ("10 31\n", "it has 2 columns"),
        ("10 31 120 4\n", "it has 4 columns"),
        ("10 31 120\n10 32\n", "is not a horizon"),
        ("inline crossline twt\n", "is not a horizon"),
        ("\x00\x81\xff", "is not a horizon"),
        ("900 31 120\n", "has inlines 900-900 .* the survey has inlines 10-20"),
        ("10 31 1e30\n", "has nothing; the survey"),
    ],
)
def test_other_files_get_one_clear_line(tmp_path, text, message):
    path = tmp_path / "top.txt"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(HorizonError, match=message) as caught:
        read_horizon(path, GEOMETRY)
    assert str(caught.value).startswith("top.txt")
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(HorizonError, match=r"gone\.txt cannot be read"):
        read_horizon(tmp_path / "gone.txt", GEOMETRY)


def test_a_horizon_of_another_shape_is_not_written(tmp_path):
    with pytest.raises(HorizonError, match="has shape"):
        write_horizon(tmp_path / "top.txt", np.zeros((5, 6)), GEOMETRY)
    assert not (tmp_path / "top.txt").exists()
