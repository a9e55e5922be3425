"""Cubes, maps and points from files: every layout comes out as the same numbers, or is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("h5py")

import h5py
from scipy.io import savemat

from examples.hyperspectral.arrays import Source, read_codes, read_cube
from examples.hyperspectral.envi import DATA_TYPES, read_envi
from examples.hyperspectral.points import draw_points, hold_out, read_points
from examples.hyperspectral.real_scene import SceneFiles, read_scene
from examples.hyperspectral.scene import SceneError

ROWS, COLUMNS, BANDS = 9, 12, 5
ORDERS = {"bsq": (2, 0, 1), "bil": (0, 2, 1), "bip": (0, 1, 2)}


def cube() -> np.ndarray:
    """Each number spells its address."""
    i, j, k = np.indices((ROWS, COLUMNS, BANDS))
    return 100 * (i % 2) + 10 * j + k


def write_envi(
    folder: Path, data: np.ndarray, interleave: str = "bsq", order: int = 0, code: int = 4,
    **changes: object,
) -> Path:  # fmt: skip
    """Write by hand, after a junk of 7 bytes; changes of None remove a keyword."""
    kind = np.dtype("<>"[order] + DATA_TYPES[code])
    raw = data.transpose(ORDERS[interleave]).astype(kind).tobytes()
    (folder / "scene.img").write_bytes(b"\x00" * 7 + raw)
    words = {
        "samples": data.shape[1], "lines": data.shape[0], "bands": data.shape[2],
        "header offset": 7, "data type": code, "interleave": interleave.upper(),
        "byte order": order, **{name.replace("_", " "): value for name, value in changes.items()},
    }  # fmt: skip
    lines = [f"{name} = {value}" for name, value in words.items() if value is not None]
    header = folder / "scene.hdr"
    header.write_text("ENVI\ndescription = {a scene,\n  with = signs}\n" + "\n".join(lines))
    return header


@pytest.mark.parametrize("interleave", ORDERS)
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("code", DATA_TYPES)
def test_envi_in_every_layout(tmp_path: Path, interleave: str, order: int, code: int):
    header = write_envi(tmp_path, cube(), interleave, order, code)
    read, wavelengths_nm = read_envi(header)
    np.testing.assert_array_equal(read, cube().astype(DATA_TYPES[code]))
    assert wavelengths_nm is None


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
@pytest.mark.parametrize("interleave", ["BSQ", "BIL", "BIP"])
def test_envi_as_another_library_writes_it(tmp_path: Path, interleave: str):
    rasterio = pytest.importorskip("rasterio")
    transform = rasterio.Affine(30, 0, 7, 0, -30, 9)
    with rasterio.open(
        tmp_path / "other.dat", "w", driver="ENVI", interleave=interleave, height=ROWS,
        width=COLUMNS, count=BANDS, dtype="int16", transform=transform,
    ) as sink:  # fmt: skip
        sink.write(cube().transpose(2, 0, 1).astype(np.int16))
    for path in (tmp_path / "other.hdr", tmp_path / "other.dat"):
        np.testing.assert_array_equal(read_envi(path)[0], cube())


def test_envi_wavelengths_bad_bands_and_missing_values(tmp_path: Path):
    header = write_envi(
        tmp_path, cube(), wavelength="{0.4, 0.5, 0.6,\n 0.7, 0.8}", bbl="{1,1,0,1,1}",
        wavelength_units="Micrometers", data_ignore_value=11,
    )  # fmt: skip
    read, wavelengths_nm = read_cube(Source(header))
    np.testing.assert_allclose(wavelengths_nm, [400, 500, 600, 700, 800])
    assert np.isnan(read[..., 2]).all()
    np.testing.assert_array_equal(np.isnan(read[..., 1]), cube()[..., 1] == 11)
    np.testing.assert_array_equal(read[..., 3], cube()[..., 3])


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"code": 6, "data_type": 6}, "data type 6"),
        ({"data_type": None}, "no data type"),
        ({"lines": -3}, "lines = '-3'"),
        ({"lines": "many"}, "whole number"),
        ({"lines": ROWS + 1}, "Copy it again"),
        ({"samples": 0}, "no cube"),
        ({"interleave": "other"}, "no cube"),
        ({"byte_order": 2}, "byte order 2"),
        ({"file_compression": 1}, "compressed"),
        ({"wavelength": "{1, 2}", "wavelength_units": "nm"}, "2 entries"),
        ({"wavelength": "{1, 2, x, 4, 5}"}, "list of numbers"),
    ],
)  # fmt: skip
def test_envi_that_cannot_be_read_is_refused(tmp_path: Path, changes: dict, part: str):
    header = write_envi(tmp_path, cube())
    words = dict(line.split(" = ", 1) for line in header.read_text().splitlines()[3:])
    changes.pop("code", None)
    words |= {name.replace("_", " "): value for name, value in changes.items()}
    lines = [f"{name} = {value}" for name, value in words.items() if value is not None]
    header.write_text("ENVI\n" + "\n".join(lines))
    with pytest.raises(SceneError, match=part):
        read_envi(header)


def test_an_envi_file_alone_is_refused(tmp_path: Path):
    header = write_envi(tmp_path, cube())
    (tmp_path / "scene.img").unlink()
    with pytest.raises(SceneError, match="no partner"):
        read_envi(header)
    (tmp_path / "scene.img").write_bytes(b"")
    header.write_text("samples = 3")
    with pytest.raises(SceneError, match="no ENVI header"):
        read_envi(header)


def write_mat(path: Path, version: str, **variables: np.ndarray) -> Path:
    if version == "5":
        savemat(path, variables, do_compression=True)
        return path
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, values in variables.items():
            file[name] = values.T  # MATLAB writes the last axis first
    return path


@pytest.mark.parametrize("version", ["5", "7.3"])
def test_matlab_of_both_kinds(tmp_path: Path, version: str):
    codes = cube()[..., 0] // 50
    path = write_mat(tmp_path / "s.mat", version, T1=cube(), T2=cube() + 0.5, Binary=codes)
    np.testing.assert_array_equal(read_cube(Source.parse(f"{path}:T1"))[0], cube())
    np.testing.assert_array_equal(read_cube(Source.parse(f"{path}:T2"))[0], cube() + 0.5)
    np.testing.assert_array_equal(read_codes(Source.parse(str(path))), codes)  # the only map
    with pytest.raises(SceneError, match=r"no variable T3\. It has T1 \(9 x 12 x 5\)|It has"):
        read_cube(Source.parse(f"{path}:T3"))
    with pytest.raises(SceneError, match="2 variables that could be meant"):
        read_cube(Source.parse(str(path)))
    with pytest.raises(SceneError, match="no cube"):
        read_cube(Source.parse(f"{path}:Binary"))


@pytest.mark.parametrize("spoil", [b"", b"MATLAB 5.0 MAT-file", b"\x00" * 300, b"text" * 100])
def test_what_is_no_matlab_file_is_refused(tmp_path: Path, spoil: bytes):
    path = tmp_path / "bad.mat"
    path.write_bytes(spoil)
    with pytest.raises(SceneError, match=r"cannot be read|no variable"):
        read_cube(Source(path, "T1"))


@pytest.mark.parametrize("version", ["5", "7.3"])
def test_a_matlab_file_cut_short_is_refused(tmp_path: Path, version: str):
    path = write_mat(tmp_path / "cut.mat", version, T1=np.random.default_rng(0).random((30, 30, 9)))
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(SceneError, match="cannot be read"):
        read_cube(Source(path, "T1"))


def test_numpy_without_objects(tmp_path: Path):
    np.save(tmp_path / "good.npy", cube())
    np.testing.assert_array_equal(read_cube(Source(tmp_path / "good.npy"))[0], cube())
    np.save(tmp_path / "bad.npy", np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(SceneError, match="numpy array"):
        read_cube(Source(tmp_path / "bad.npy"))


def test_points_by_hand(tmp_path: Path):
    path = tmp_path / "points.csv"
    path.write_text("row,column,code\n0,1,2\n8, 11, 7\n\n1,0,2\n")
    codes = read_points(path, (ROWS, COLUMNS))
    assert codes.shape == (5, 6)
    assert codes[0, 0] == 2
    assert codes[4, 5] == 7
    assert np.count_nonzero(codes) == 2


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("0,0", "line 1: '0,0' is not"), ("0,0,a", "three whole numbers"),
        ("9,0,1", "lies outside 9 x 12"), ("0,-1,1", "lies outside"),
        ("0,0,0", "label 0 is out of range"), ("0,0,70000", "out of range"),
        ("0,0,1\n1,1,2", "line 2: code 2 where an earlier line says 1"),
    ],
)  # fmt: skip
def test_wrong_points_are_refused(tmp_path: Path, text: str, part: str):
    path = tmp_path / "points.csv"
    path.write_text(text)
    with pytest.raises(SceneError, match=part):
        read_points(path, (ROWS, COLUMNS))


def test_drawn_points_are_true_and_leave_something_to_score():
    truth = np.ones((20, 20), np.uint8)
    truth[:2, :3] = 2
    labels = draw_points(truth, ("same", "new"), 25, seed=1)
    assert [(labels == code).sum() for code in (1, 2)] == [25, 3]
    np.testing.assert_array_equal(labels[labels > 0], truth[labels > 0])
    np.testing.assert_array_equal(labels, draw_points(truth, ("same", "new"), 25, seed=1))
    with pytest.raises(SceneError, match="1 pixels of 'new'"):
        draw_points(np.where(np.arange(400).reshape(20, 20), 1, 2), ("same", "new"), 5, 0)


def test_held_out_points_are_not_shown():
    labels = np.zeros((10, 10), np.uint8)
    labels[0], labels[5, :4] = 1, 2
    shown, aside = hold_out(labels, 0.5, seed=0)
    np.testing.assert_array_equal(shown + aside, labels)
    assert [(aside == code).sum() for code in (1, 2)] == [5, 2]
    assert not (shown.astype(bool) & aside.astype(bool)).any()


@pytest.fixture
def files(tmp_path: Path) -> SceneFiles:
    truth = np.where(np.arange(COLUMNS) < 6, 0, 1) * np.ones((ROWS, 1), int)
    path = write_mat(tmp_path / "s.mat", "5", T1=cube(), T2=cube() + 1, Binary=truth)
    sources = (Source(path, name) for name in ("T1", "T2"))
    return SceneFiles(*sources, truth=Source(path, "Binary"), unknown=None)


def test_a_scene_from_files(files: SceneFiles):
    scene = read_scene(files)
    assert scene.codes == (0, 1)
    assert scene.class_names == ("unchanged", "changed")
    np.testing.assert_array_equal(scene.truth, np.tile([1, 1, 1, 2, 2, 2], (5, 1)))


def test_codes_may_be_in_another_order_and_named(files: SceneFiles):
    other = SceneFiles(
        files.before, files.after, truth=files.truth, unknown=None, unchanged=1,
        class_names={0: "built"},
    )  # fmt: skip
    scene = read_scene(other)
    assert scene.codes == (1, 0)
    assert scene.class_names == ("unchanged", "built")


def test_scenes_that_do_not_fit_are_refused(files: SceneFiles, tmp_path: Path):
    def refused(part: str, **changes: object) -> None:
        usual = {
            "before": files.before, "after": files.after, "truth": files.truth, "unknown": None,
        }  # fmt: skip
        with pytest.raises(SceneError, match=part):
            read_scene(SceneFiles(**{**usual, **changes}))

    np.save(tmp_path / "small.npy", cube()[:8])
    np.save(tmp_path / "map.npy", np.ones((3, 3)))
    np.save(tmp_path / "half.npy", np.full((ROWS, COLUMNS), 0.5))
    np.save(tmp_path / "many.npy", np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS))
    refused("two dates on one grid", after=Source(tmp_path / "small.npy"))
    refused("map of the cubes' shape", truth=Source(tmp_path / "map.npy"))
    refused("no class code", truth=Source(tmp_path / "half.npy"))
    refused("108 different codes", truth=Source(tmp_path / "many.npy"))
    refused("if 0 is a class, add --unknown none", unknown=0)
    refused("not among", unchanged=5)
    refused("Nothing is labelled", truth=None)
    refused("Name one of them", class_names={9: "none"})
    refused("no file", before=Source(tmp_path / "absent.npy"))
