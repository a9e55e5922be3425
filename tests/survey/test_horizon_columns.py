"""Plain columns: separators, headers, guessed columns, units, signs, undefined values."""

import numpy as np
import pytest
from horizon_making import make_geometry, picks, rows_text, wavy

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.content import Columns
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file

GEOMETRY = make_geometry(30)
LINES = "{0:.0f} {1:.0f} {4:.3f}"


def write(tmp_path, text):
    path = tmp_path / "top.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def close(read, horizon, tolerance=1e-3):
    return np.allclose(read.values, horizon, atol=tolerance, equal_nan=True)


@pytest.mark.parametrize(
    "form",
    [
        LINES,
        "{0:.0f}\t{1:.0f}\t{4:.3f}",
        "{0:.0f},{1:.0f},{4:.3f}",
        "{0:.0f}, {1:.0f}, {4:.3f},",
        "{0:.0f};{1:.0f};{4:.3f}",
        "  {0:.1f}   {1:.3e}  {4:.6e}  ",
        "{2:.2f} {3:.2f} {4:.3f}",
        "{0:.0f} {1:.0f} {2:.2f} {3:.2f} {4:.3f}",
        "{2:.2f} {3:.2f} {4:.3f} {0:.0f} {1:.0f}",
        "{4:.3f} {1:.0f} {0:.0f}",
        "H1 {0:.0f} {1:.0f} {4:.3f}",
        "{0:.0f},{1:.0f},,,{4:.3f}",
    ],
)
@pytest.mark.parametrize("steps", [(2, 1), (-2, 3), (4, -1)])
def test_every_layout_reads_alike(tmp_path, form, steps):
    geometry = make_geometry(30, *steps)
    path = write(tmp_path, rows_text(picks(geometry, wavy()), form))
    read = read_horizon_file(path, geometry)
    assert close(read, wavy())
    assert (read.format_name, read.n_inside, read.n_outside) == ("plain columns", 29, 0)


@pytest.mark.parametrize(
    "header",
    [
        "crossline inline twt_ms",
        "# comment\n! another\n\nXLINE ILINE Z(ms)",
        '"Crossline" "Inline" "TWT"',
        "Horizon H1\nexported 2024\nXL IL TIME",
    ],
)
def test_header_names_decide(tmp_path, header):
    rows = rows_text(picks(GEOMETRY, wavy()), "{1:.0f} {0:.0f} {4:.3f}")
    read = read_horizon_file(write(tmp_path, f"{header}\n{rows}"), GEOMETRY)
    assert close(read, wavy())
    assert read.guess.columns == Columns(inline=1, crossline=0, z=2)
    assert read.guess.certainty.startswith("sure")


@pytest.mark.parametrize(
    ("domain", "length_unit", "factor", "unit", "sign"),
    [
        ("time", "m", 1, "ms", 1),
        ("time", "m", 0.001, "s", 1),
        ("time", "m", -1, "ms", -1),
        ("time", "m", -0.001, "s", -1),
        ("depth", "m", 1, "m", 1),
        ("depth", "m", 1 / 0.3048, "ft", 1),
        ("depth", "ft", 1, "ft", 1),
        ("depth", "ft", -0.3048, "m", -1),
    ],
)
def test_unit_and_sign_are_judged(tmp_path, domain, length_unit, factor, unit, sign):
    geometry = make_geometry(30, domain=domain, length_unit=length_unit)
    rows = picks(geometry, wavy()) * [1, 1, 1, 1, factor]
    path = write(tmp_path, rows_text(rows, "{0:.0f} {1:.0f} {4:.7f}"))
    read = read_horizon_file(path, geometry)
    assert close(read, wavy())
    assert (read.scale.unit, read.scale.sign) == (unit, sign)
    assert any("upwards" in warning for warning in read.warnings) == (sign < 0)


def test_what_the_user_says_wins(tmp_path):
    path = write(tmp_path, "z depth_m il xl\n9 140 31 10\n9 150 32 12\n9 -7 33 14\n")
    columns = Columns(inline=3, crossline=2, z=1)
    with pytest.raises(HorizonError, match=r"top\.txt is in m, the survey in ms"):
        read_horizon_file(path, GEOMETRY, HorizonChoice(columns=columns))
    choice = HorizonChoice(columns=columns, unit="ms", sign=1, undefined=-7)
    read = read_horizon_file(path, GEOMETRY, choice)
    assert (read.values[0, 0], read.values[1, 1]) == (140, 150)
    assert np.isfinite(read.values).sum() == 2


@pytest.mark.parametrize(
    "undefined", ["1e30", "9999900.000000", "-999.25", "-999", "9999.9", "NaN", "3.4028235E+38"]
)
def test_undefined_values_are_left_out(tmp_path, undefined):
    rows = rows_text(picks(GEOMETRY, wavy()), LINES) + f"14 34 {undefined}\n"
    read = read_horizon_file(write(tmp_path, rows), GEOMETRY)
    assert close(read, wavy())
    assert read.warnings == ()


def test_999_among_depths_is_a_depth(tmp_path):
    geometry = Geometry(np.arange(3), np.arange(3), 400, 0.0, 4.0)
    path = write(tmp_path, "il xl twt\n0 0 -900\n0 1 -999\n1 1 -1100\n")
    read = read_horizon_file(path, geometry)
    assert read.values[0, 1] == 999
    assert any("-999 lies among" in warning for warning in read.warnings)


def test_ambiguity_is_said(tmp_path):
    square = Geometry(np.arange(5), np.arange(5), 20, 100.0, 4.0)
    text = "".join(f"{i} {j} {110 + i + j}\n" for i in range(5) for j in range(5))
    read = read_horizon_file(write(tmp_path, text), square)
    assert any("swapped" in warning for warning in read.warnings)
    assert read.guess.certainty.startswith("doubtful")


def test_names_that_contradict_the_survey_are_said(tmp_path):
    rows = rows_text(picks(GEOMETRY, wavy()), "{1:.0f} {0:.0f} {4:.3f}") + "10 31 120\n"
    read = read_horizon_file(write(tmp_path, "inline crossline twt\n" + rows), GEOMETRY)
    assert any("swapped" in warning for warning in read.warnings)


def test_repeated_picks_are_averaged_or_the_last_counts(tmp_path):
    text = "10 31 120\n10 31 122\n12 31 120\n12 31 150\n14 31 130\n"
    read = read_horizon_file(write(tmp_path, text), GEOMETRY)
    assert read.values[:3, 0].tolist() == [121, 150, 130]
    assert any("disagree on 1 traces" in warning for warning in read.warnings)


def test_coordinates_go_to_the_nearest_trace_within_half_a_bin(tmp_path):
    geometry = make_geometry()
    text = "x y twt\n4511 61004 120\n4489 61000 121\n4486 61000 122\n4625 61057 123\n"
    read = read_horizon_file(write(tmp_path, text), geometry)
    assert (read.values[0, 0], read.n_inside, read.n_outside) == (120.5, 2, 2)
    assert np.isfinite(read.values).sum() == 1


def test_coordinates_need_a_survey_with_coordinates(tmp_path):
    path = write(tmp_path, "x y twt\n4500 61000 120\n")
    with pytest.raises(HorizonError, match=r"no map coordinates\. Use a format with inline"):
        read_horizon_file(path, make_geometry(to_xy=False))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (b"\x00\x81\xff", "is not text: byte 1 is zero"),
        (b"\x81\xff\xfe", "no row of numbers"),
        ("inline crossline twt\n", "no row of numbers"),
        ("10 31\n", "has 2 columns, and none for time"),
        ("10 31 120\n10 32\n10 33 121\n", "line 2: 2 columns instead of 3"),
        ("# a\n10 31 120\n10 32 abc\n10 33 121\n", 'line 3: "abc" in column 3 is not a number'),
        ("10 31 120\n10 32 121 5\n10 33 121\n", "line 2: 4 columns instead of 3"),
        ("10;31;120,5\n", 'line 1: "120,5" has a decimal comma'),
        ("10 31 120,5\n", 'line 1: "120,5" has a decimal comma'),
        ("900 31 120\n", "has columns 900-900, 31-31, 120-120; none lies on"),
        ("10 31 1e30\n", "none of them defined"),
        ("10 31 nan\n", "none"),
        ("il xl depth\n10 31 120\n", "is in depth, the survey in ms"),
        ("il xl z_ft\n10 31 120\n", "is in ft, the survey in ms"),
        ("il xl twt\n11 31 120\n", "no pick on the survey's inlines 10-20"),
    ],
)
def test_damaged_files_get_one_clear_line(tmp_path, text, message):
    with pytest.raises(HorizonError, match=message) as caught:
        read_horizon_file(write(tmp_path, text), GEOMETRY)
    assert str(caught.value).startswith("top.txt")
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(HorizonError, match=r"gone\.txt cannot be read"):
        read_horizon_file(tmp_path / "gone.txt", GEOMETRY)


@pytest.mark.parametrize("number", range(1, 8))
def test_real_horizons_are_read(shared_data, number):
    path = shared_data / f"penobscot_west_H{number}.txt"
    table = np.loadtxt(path)
    inlines = np.arange(table[:, 0].min(), table[:, 0].max() + 1).astype(int)
    crosslines = np.arange(table[:, 1].min(), table[:, 1].max() + 1).astype(int)
    geometry = Geometry(inlines, crosslines, 401, 0.0, 4.0)
    read = read_horizon_file(path, geometry)
    expected = np.full(geometry.shape[:2], np.nan)
    i, j = (table[:, :2] - (inlines[0], crosslines[0])).astype(int).T
    expected[i, j] = table[:, 2]
    assert np.array_equal(read.values, expected, equal_nan=True)
    assert read.n_inside == len(table)
