"""What is written reads back; outlines; refusals."""

import json

import numpy as np
import pytest
from horizon_making import make_geometry, wavy

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.outlines import mask_polygons
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.horizon_files.writing import WRITERS, write_horizon_file

READ_BACK = [
    (writer.name, degrees)
    for writer in WRITERS
    for degrees in (0, 90, 180, 270, 30, 203.7)
    if writer.name != "geojson" and (writer.name != "zmap" or degrees % 90 == 0)
]


@pytest.mark.parametrize("steps", [(2, 1), (-2, 3), (4, -1), (-1, -2)])
@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize(("name", "degrees"), READ_BACK)
def test_what_is_written_reads_back(tmp_path, name, degrees, steps, mirror):
    geometry = make_geometry(degrees, *steps)
    if mirror:  # crosslines to the right of inlines
        geometry.to_xy[:, 1] *= -1
    write_horizon_file(tmp_path / "top", wavy(), geometry, name)
    read = read_horizon_file(tmp_path / "top", geometry)
    assert np.allclose(read.values, wavy(), atol=6e-4, equal_nan=True)
    assert read.n_inside == 29


@pytest.mark.parametrize(("domain", "unit"), [("time", "m"), ("depth", "m"), ("depth", "ft")])
@pytest.mark.parametrize("name", ["opendtect", "csv"])
def test_the_unit_is_in_the_header(tmp_path, name, domain, unit):
    geometry = make_geometry(30, domain=domain, length_unit=unit)
    write_horizon_file(tmp_path / "top", wavy(), geometry, name)
    read = read_horizon_file(tmp_path / "top", geometry)
    assert (read.scale.unit, read.warnings) == (geometry.vertical_unit, ())
    other = make_geometry(30, domain="depth" if domain == "time" else "time")
    with pytest.raises(HorizonError, match=f"is in {geometry.vertical_unit}, the survey in"):
        read_horizon_file(tmp_path / "top", other)


def test_zmap_of_a_rotated_survey_is_resampled_to_the_north(tmp_path):
    geometry = make_geometry(30)
    i, j = np.mgrid[:6.0, :5.0]
    plane = 120 + 3 * i + 2 * j
    write_horizon_file(tmp_path / "top", plane, geometry, "zmap")
    values = read_horizon_file(tmp_path / "top", geometry).values
    known = np.isfinite(values)
    assert known.sum() > 5
    assert np.allclose(values[known], plane[known], atol=2e-3)


def test_irap_refuses_skewed_lines(tmp_path):
    geometry = make_geometry()
    geometry.to_xy[0, 1] += 3
    with pytest.raises(HorizonError, match=r"cross at 76\.50 degrees"):
        write_horizon_file(tmp_path / "top", wavy(), geometry, "irap")
    write_horizon_file(tmp_path / "top", wavy(), geometry, "irap-points")
    read = read_horizon_file(tmp_path / "top", geometry)
    assert np.allclose(read.values, wavy(), atol=6e-4, equal_nan=True)


def test_headers_are_as_their_formats_say(tmp_path):
    geometry = make_geometry()
    heads = {}
    for name in ("csv", "irap", "zmap", "opendtect"):
        write_horizon_file(tmp_path / "top", wavy(), geometry, name)
        heads[name] = (tmp_path / "top").read_text().splitlines()
    assert heads["csv"][:2] == ["inline,crossline,x,y,twt_ms", "10,31,4500.000,61000.000,140.000"]
    assert heads["irap"][0] == "-996 5 25.000000 12.500000"
    assert heads["irap"][2] == "6 0.00000000 4500.000000 61000.000000"
    assert heads["zmap"][3] == "5, 6, 4500.000000, 4625.000000, 61000.000000, 61050.000000"
    assert "14\t34\t1e30" in heads["opendtect"]


def test_a_name_cannot_break_the_header_of_zmap(tmp_path):
    path = tmp_path / "Top Åre, 2nd.zmap"
    write_horizon_file(path, wavy(), make_geometry(), "zmap")
    assert path.read_text(encoding="ascii").splitlines()[1] == "@Top_re_2nd HEADER, GRID, 4"


def test_csv_without_coordinates_leaves_them_empty(tmp_path):
    geometry = make_geometry(to_xy=False)
    write_horizon_file(tmp_path / "top.csv", wavy(), geometry, "csv")
    assert (tmp_path / "top.csv").read_text().splitlines()[1] == "10,31,,,140.000"
    read = read_horizon_file(tmp_path / "top.csv", geometry)
    assert np.allclose(read.values, wavy(), atol=6e-4, equal_nan=True)


@pytest.mark.parametrize("name", ["opendtect-xy", "irap", "irap-points", "zmap", "geojson"])
def test_formats_with_coordinates_need_them(tmp_path, name):
    with pytest.raises(HorizonError, match="no map coordinates"):
        write_horizon_file(tmp_path / "top", wavy(), make_geometry(to_xy=False), name)
    assert list(tmp_path.iterdir()) == []


def test_refusals_leave_the_old_file(tmp_path):
    path = tmp_path / "top.csv"
    path.write_text("old")
    for horizon, name, message in [
        (wavy().T, "csv", "has shape"),
        (wavy() * np.nan, "csv", "has no value"),
        (wavy(), "kingdom", "not written as"),
    ]:
        with pytest.raises(HorizonError, match=message):
            write_horizon_file(path, horizon, make_geometry(), name)
    assert path.read_text() == "old"
    with pytest.raises(HorizonError, match="cannot be written"):
        write_horizon_file(tmp_path / "gone" / "top.csv", wavy(), make_geometry(), "csv")


def shoelace(ring):
    x, y = np.array(ring).T
    return np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2


@pytest.mark.parametrize(("degrees", "steps"), [(0, (2, 1)), (30, (2, -1)), (75, (-2, -3))])
def test_geojson_outlines_survey_and_horizon(tmp_path, degrees, steps):
    path = tmp_path / "Top Åre.geojson"
    write_horizon_file(path, wavy(), make_geometry(degrees, *steps), "geojson")
    survey, horizon = json.loads(path.read_text())["features"]
    (outline,) = survey["geometry"]["coordinates"]
    assert shoelace(outline) == pytest.approx(30 * 25 * 12.5, abs=0.5)
    assert outline[0] == outline[-1]
    outer, hole = horizon["geometry"]["coordinates"]
    assert shoelace(outer) + shoelace(hole) == pytest.approx(29 * 25 * 12.5, abs=0.5)
    assert horizon["properties"]["unit"] == "ms"
    assert horizon["properties"]["name"] == "Top Åre"
    assert horizon["properties"]["min"] == np.nanmin(wavy())


def test_parts_of_a_mask_keep_their_holes():
    rng = np.random.default_rng(5)
    for _ in range(20):
        mask = rng.random((9, 8)) < 0.6
        polygons = mask_polygons(mask)
        assert sum(shoelace(ring) for rings in polygons for ring in rings) == mask.sum()
        for outer, *holes in polygons:
            assert shoelace(outer) > 0
            assert shoelace(outer) + sum(map(shoelace, holes)) > 0
            assert all(shoelace(hole) < 0 for hole in holes)
            assert all(ring[0] == ring[-1] for ring in (outer, *holes))


def test_a_large_survey_is_written_and_read(tmp_path):
    geometry = Geometry(
        np.arange(1000, 1300),
        np.arange(2000, 2400),
        500,
        0.0,
        4.0,
        to_xy=np.array([[11.3, -5.1, 4e5], [5.1, 11.3, 6e6]]),
    )
    i, j = np.mgrid[:300, :400]
    horizon = 900 + 100 * np.sin(i / 40) * np.cos(j / 50)
    write_horizon_file(tmp_path / "top", horizon, geometry, "irap")
    read = read_horizon_file(tmp_path / "top", geometry)
    assert np.allclose(read.values, horizon, atol=6e-4)
