"""The aquifer map as a program: files of all kinds in, files out, one line when it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rasterio")
pytest.importorskip("matplotlib")

import rasterio
from rasterio.transform import Affine, from_origin
from rasterio.warp import transform, transform_bounds

from examples.aquifer.geotiff import georeference, read_onto
from examples.aquifer.real_scene import SurveyFiles, read_scene

# rasterio 1.4 under affine 3.1
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")

ROOT = Path(__file__).resolve().parents[2]
UTM, ORIGIN = "EPSG:32755", (500_000.0, 6_000_000.0)
ROWS, COLUMNS, PIXEL_M = 40, 60, 100.0
PNG = b"\x89PNG\r\n\x1a\n"


def write(path: Path, band: np.ndarray, **profile: Any) -> Path:
    usual = {"crs": UTM, "transform": from_origin(*ORIGIN, PIXEL_M, PIXEL_M), "driver": "GTiff"}
    size = {"height": band.shape[0], "width": band.shape[1], "count": 1, "dtype": band.dtype}
    with rasterio.open(path, "w", **{**usual, **size, **profile}) as sink:
        sink.write(band, 1)
    return path


def ramp(rows: int = ROWS, columns: int = COLUMNS, pixel_m: float = PIXEL_M) -> np.ndarray:
    """Eastward distance of pixel centres from the origin, in metres."""
    return np.tile((np.arange(columns) + 0.5) * pixel_m, (rows, 1)).astype(np.float32)


def codes(low: int = 3, high: int = 7) -> np.ndarray:
    labels = np.zeros((ROWS, COLUMNS), np.uint8)
    labels[10:14, :30], labels[10:14, 30:] = low, high
    return labels


@pytest.fixture
def files(tmp_path: Path) -> SurveyFiles:
    channel = write(tmp_path / "east.tif", ramp())
    return SurveyFiles({"east": channel}, write(tmp_path / "labels.tif", codes()))


def aquifer_map(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "examples" / "aquifer_map.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def test_a_file_on_the_same_grid_is_read_as_it_is(files: SurveyFiles):
    grid = georeference(files.channels["east"])
    np.testing.assert_array_equal(read_onto(files.channels["east"], grid, False), ramp())


@pytest.mark.parametrize(("pixel_m", "slack_m"), [(25.0, 1.0), (250.0, 1.0)])
def test_another_resolution_keeps_its_place(files: SurveyFiles, pixel_m: float, slack_m: float):
    finer = int(PIXEL_M * COLUMNS / pixel_m), int(PIXEL_M * ROWS / pixel_m)
    path = write(
        files.labels.with_name("other.tif"), ramp(finer[1], finer[0], pixel_m),
        transform=from_origin(*ORIGIN, pixel_m, pixel_m),
    )  # fmt: skip
    got = read_onto(path, georeference(files.channels["east"]), categories=False)
    inner = np.s_[3:-3, 3:-3]
    np.testing.assert_allclose(got[inner], ramp()[inner], atol=slack_m)


def test_another_crs_keeps_its_place(files: SurveyFiles):
    """Longitude, written in degrees, comes out as the longitude of each pixel."""
    grid = georeference(files.channels["east"])
    east = ORIGIN[0] + PIXEL_M * COLUMNS
    bounds = transform_bounds(UTM, "EPSG:4326", ORIGIN[0], ORIGIN[1] - 4000, east, ORIGIN[1])
    step = 0.001
    west, north = bounds[0] - 0.01, bounds[3] + 0.01
    columns, rows = (int(span / step) + 20 for span in (bounds[2] - west, north - bounds[1]))
    longitude = np.tile(west + (np.arange(columns) + 0.5) * step, (rows, 1))
    path = write(
        files.labels.with_name("degrees.tif"), longitude,
        crs="EPSG:4326", transform=from_origin(west, north, step, step),
    )  # fmt: skip
    got = read_onto(path, grid, categories=False)
    i, j = np.indices(grid.shape)
    x, y = ORIGIN[0] + PIXEL_M * (j.ravel() + 0.5), ORIGIN[1] - PIXEL_M * (i.ravel() + 0.5)
    expected = np.array(transform(UTM, "EPSG:4326", x, y)[0]).reshape(grid.shape)
    np.testing.assert_allclose(got, expected, atol=step / 8)  # as near as GDAL's warper goes


def test_a_turned_grid_is_turned_back(files: SurveyFiles):
    south_up = Affine(PIXEL_M, 0, ORIGIN[0], 0, PIXEL_M, ORIGIN[1] - PIXEL_M * ROWS)
    band = np.add.outer(np.arange(ROWS) * 100.0, np.arange(COLUMNS))
    path = write(files.labels.with_name("south.tif"), band, transform=south_up)
    got = read_onto(path, georeference(files.channels["east"]), categories=False)
    np.testing.assert_allclose(got[2:-2, 2:-2], band[::-1][2:-2, 2:-2], atol=1e-3)


@pytest.mark.parametrize("nodata", [-99999.0, np.nan])
def test_nodata_is_filled_for_the_network_and_left_out_of_the_rest(
    files: SurveyFiles, nodata: float
):
    holed = ramp()
    holed[10:12, 5:9] = nodata
    path = write(files.labels.with_name("holed.tif"), holed, nodata=nodata)
    scene, _ = read_scene(SurveyFiles({"east": path}, files.labels))
    assert not scene.valid[10:12, 5:9].any()
    assert scene.valid.sum() == ROWS * COLUMNS - 8
    assert not scene.labels[10:12, 5:9].any()
    np.testing.assert_allclose(scene.channels["east"][10, 5:9], ramp()[10, 5:9], atol=110)


def test_where_a_channel_ends_there_is_no_map(files: SurveyFiles):
    smaller = write(files.labels.with_name("smaller.tif"), ramp()[:, :45])
    scene, grid = read_scene(SurveyFiles({**files.channels, "smaller": smaller}, files.labels))
    assert grid.shape == (ROWS, COLUMNS)
    assert scene.valid[:, :44].all()
    assert not scene.valid[:, 46:].any()
    assert not scene.labels[:, 46:].any()


def test_the_map_can_have_the_grid_of_any_file(files: SurveyFiles):
    coarse = write(
        files.labels.with_name("coarse.tif"), ramp(20, 30, 200.0),
        transform=from_origin(*ORIGIN, 200, 200),
    )  # fmt: skip
    scene, grid = read_scene(SurveyFiles(files.channels, files.labels, like=coarse))
    assert scene.shape == (20, 30)
    assert scene.pixel_m == grid.pixel_m == 200
    np.testing.assert_array_equal(np.unique(scene.labels), [0, 1, 2])


def test_codes_are_numbered_and_a_truth_may_know_more(files: SurveyFiles):
    truth = codes()
    truth[0] = 9
    path = write(files.labels.with_name("truth.tif"), truth)
    named = SurveyFiles(files.channels, files.labels, path, class_names={7: "sand"})
    scene, _ = read_scene(named)
    assert scene.codes == (3, 7)
    assert scene.class_names == ("class 3", "sand")
    assert scene.scored.sum() == COLUMNS
    assert (scene.truth[0] == 255).all()


def bad_inputs(folder: Path) -> dict[str, tuple[list[object], str]]:
    """Arguments that make no map, and a part of what is said about each."""
    channel, labels = write(folder / "c.tif", ramp()), write(folder / "l.tif", codes())
    (folder / "text.tif").write_text("no tiff")
    (folder / "cut.tif").write_bytes(channel.read_bytes()[:5000])
    far = write(folder / "far.tif", ramp(), transform=from_origin(900_000, 7_000_000, 100, 100))
    mine = 'LOCAL_CS["mine",UNIT["metre",1]]'
    local = write(folder / "local.tif", ramp(), crs=mine)
    phases = write(folder / "phases.tif", ramp().astype(np.complex64))
    nowhere = write(folder / "nowhere.tif", ramp(), crs=None)
    empty = write(folder / "empty.tif", np.zeros((ROWS, COLUMNS), np.uint8))
    one = write(folder / "one.tif", codes(4, 4))
    half = write(folder / "half.tif", codes() + np.float32(0.5))
    left = write(folder / "left.tif", ramp()[:, :20])
    right = write(
        folder / "right.tif", ramp()[:, :20], transform=from_origin(504_000, ORIGIN[1], 100, 100)
    )
    ours = ["--channel", f"c={channel}"]
    return {
        "absent": ([*ours, "--labels", folder / "absent.tif"], "no file"),
        "text": (["--channel", f"c={folder / 'text.tif'}", "--labels", labels], "as a GeoTIFF"),
        "cut": (["--channel", f"c={folder / 'cut.tif'}", "--labels", labels], "as a GeoTIFF"),
        "far": ([*ours, "--channel", f"far={far}", "--labels", labels], "within the grid"),
        "nowhere": (["--channel", f"n={nowhere}", "--labels", labels], "coordinate reference"),
        "local": ([*ours, "--channel", f"p={local}", "--labels", labels], "no way between"),
        "complex": (["--channel", f"p={phases}", "--labels", labels], "complex numbers"),
        "empty": ([*ours, "--labels", empty], "no labels"),
        "one class": ([*ours, "--labels", one], "one class only, code 4"),
        "fractions": ([*ours, "--labels", half], "no class code"),
        "apart": (
            ["--channel", f"a={left}", "--channel", f"b={right}", "--like", channel,
             "--labels", labels], "no pixel in common",
        ),
        "no labels": (ours, "together"),
        "over an input": (
            [*ours, "--labels", labels, "--output-tif", labels], "would be overwritten",
        ),
        "ending": (["--output", folder / "map.jpg"], "end in .png"),
        "size of files": ([*ours, "--labels", labels, "--size", "128"], "made scene"),
        "twice": ([*ours, *ours, "--labels", labels], "twice"),
        "no name": (["--channel", channel, "--labels", labels], "NAME=FILE"),
        "folder": (["--output", folder / "absent" / "map.png"], "no folder"),
        "scene over a file": (["--write-scene", labels], "is a file"),
        "number": (["--steps", "many"], "no number"),
        "size": (["--size", "5"], "not between"),
        "unknown": (["--nonsense"], "--help"),
    }  # fmt: skip


BAD = (
    "absent", "text", "cut", "far", "nowhere", "local", "complex", "empty", "one class",
    "fractions", "apart", "no labels", "over an input", "ending", "size of files", "twice",
    "no name", "folder", "scene over a file", "number", "size", "unknown",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_in_one_line(tmp_path: Path, case: str):
    arguments, part = bad_inputs(tmp_path)[case]
    before = sorted(tmp_path.iterdir())
    done = aquifer_map("--quick", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("aquifer_map: ")
    assert part in done.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.slow
def test_a_made_scene_and_the_same_scene_from_files(tmp_path: Path):
    """The quick run makes all its files; from its own GeoTIFFs it can be run again."""
    outputs = ["--output", tmp_path / "map.png", "--output-tif", tmp_path / "map.tif", "--json"]
    folder = tmp_path / "scene"
    done = aquifer_map("--quick", "--write-scene", folder, *outputs)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (tmp_path / "map.png").read_bytes().startswith(PNG)
    scores = made["scores"]["hyperbolic network"]
    assert scores["class_accuracy"] > 1.5 / 4
    assert scores["pixel_accuracy"] > 0.6
    assert_map_is_aligned(tmp_path, folder / "elevation.tif")
    channels = [f"--channel={name}={folder / name}.tif" for name in made["channels"]]
    again = aquifer_map(
        "--quick", *channels, "--labels", folder / "labels.tif", "--truth", folder / "truth.tif",
        *outputs,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    from_files = json.loads(again.stdout)
    for name, got in made["scores"].items():
        assert from_files["scores"][name]["mean_iou"] == pytest.approx(got["mean_iou"], abs=0.05)


def assert_map_is_aligned(folder: Path, channel: Path) -> None:
    with (
        rasterio.open(folder / "map.tif") as found,
        rasterio.open(folder / "map_confidence.tif") as sure,
        rasterio.open(channel) as source,
    ):
        for file in (found, sure):
            assert (file.crs, file.transform, file.shape) == (
                source.crs, source.transform, source.shape,
            )  # fmt: skip
        assert (found.nodata, found.dtypes) == (0, ("uint8",))
        assert set(np.unique(found.read(1))) <= {1, 2, 3, 4}
        assert 0.25 <= sure.read(1).min() <= sure.read(1).max() <= 1


@pytest.mark.slow
def test_a_hole_in_a_channel_is_a_hole_in_the_map(tmp_path: Path, files: SurveyFiles):
    holed = ramp()
    holed[30:35, 40:50] = -1
    path = write(tmp_path / "holed.tif", holed, nodata=-1)
    done = aquifer_map(
        "--quick", "--steps", 3, f"--channel=east={path}", "--labels", files.labels,
        "--hold-out", 0.3, "--output", tmp_path / "map.png", "--output-tif", tmp_path / "map.tif",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2.1% lack data" in done.stderr
    assert "mean IoU" in done.stdout
    with rasterio.open(tmp_path / "map.tif") as found:
        classes = found.read(1)
    assert set(np.unique(classes)) <= {0, 3, 7}
    np.testing.assert_array_equal(classes == 0, holed == -1)
    with rasterio.open(tmp_path / "map_confidence.tif") as sure:
        np.testing.assert_array_equal(np.isnan(sure.read(1)), holed == -1)
