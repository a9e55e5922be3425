"""Foreign formats, as their descriptions have them, with known values."""

import numpy as np
import pytest
from horizon_making import make_geometry, picks, rows_text, wavy

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file

ROTATED, NORTH_UP = make_geometry(30), make_geometry()


def write(tmp_path, text):
    path = tmp_path / "top.dat"
    path.write_text(text)
    return path


def equal(read, horizon, name):
    assert read.format_name == name
    assert np.allclose(read.values, horizon, atol=1e-3, equal_nan=True)


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ('# "X"\t"Y"\t"Inline"\t"Crossline"\t"Z"', "{2:.2f}\t{3:.2f}\t{0:.0f}\t{1:.0f}\t{4:.3f}"),
        ("# 1: Inline\n# 2: Crossline\n# 3: Z", "{0:.0f}\t{1:.0f}\t{4:.3f}"),
        ("# 1: X\n# 2: Y\n# 3: Z", "{2:.2f}\t{3:.2f}\t{4:.3f}"),
    ],
)
def test_opendtect(tmp_path, header, form):
    text = f"{header}\n# - - - - - - - - - -\n{rows_text(picks(ROTATED, wavy()), form)}"
    read = read_horizon_file(write(tmp_path, text), ROTATED)
    equal(read, wavy(), "OpendTect")
    assert read.guess.certainty.startswith("sure")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_as_on_windows_or_old_macs(tmp_path, end):
    path = tmp_path / "top.dat"
    rows = rows_text(picks(ROTATED, wavy()), "{1:.0f}\t{0:.0f}\t{4:.3f}")
    text = f'# "Crossline"\t"Inline"\t"Z"\n# - - -\n{rows}'
    path.write_bytes(text.replace("\n", end).encode())
    equal(read_horizon_file(path, ROTATED), wavy(), "OpendTect")


def test_opendtect_in_seconds_with_undefined(tmp_path):
    text = '# "Inline" "Crossline" "Z"\n# - - -\n10 31 0.14\n10 32 1e30\n12 31 0.15\n'
    read = read_horizon_file(write(tmp_path, text), ROTATED)
    assert read.values[:2, :2].tolist()[1][0] == pytest.approx(150)
    assert np.isfinite(read.values).sum() == 2


@pytest.mark.parametrize(
    "form",
    [
        "INLINE :  {0:.0f} XLINE :  {1:.0f} {2:.3f} {3:.3f} {4:.3f}",
        "INLINE :{0:.0f} XLINE :{1:.0f} {2:.3f} {3:.3f} {4:.3f} Top_H1",
        "INLINE- {0:.0f} XLINE- {1:.0f} {2:.3f} {3:.3f} {4:.3f}",
        '"Top H1" INLINE : {0:.0f} {1:.0f} {2:.3f} {3:.3f} {4:.3f}',
        "inline: {0:.0f} crossline: {1:.0f} {4:.3f}",
    ],
)
def test_charisma(tmp_path, form):
    path = write(tmp_path, rows_text(picks(ROTATED, wavy()), form))
    equal(read_horizon_file(path, ROTATED), wavy(), "Charisma")


def test_charisma_without_markers_is_plain_columns(tmp_path):
    path = write(tmp_path, rows_text(picks(ROTATED, wavy())))
    equal(read_horizon_file(path, ROTATED), wavy(), "plain columns")


def test_irap_points(tmp_path):
    rows = rows_text(picks(ROTATED, wavy()), "{2:.3f} {3:.3f} {4:.3f}").splitlines(keepends=True)
    end = "999.000000 999.000000 999.000000\n"
    path = write(tmp_path, "".join(rows[:9]) + end + "".join(rows[9:]) + end)
    read = read_horizon_file(path, ROTATED)
    equal(read, wavy(), "IRAP points")
    assert read.n_outside == 0


@pytest.mark.parametrize("flip", [1, -1])
def test_irap_grid(tmp_path, flip):
    """U is the inline direction, 30 degrees; a negative y step starts from the other side."""
    horizon = wavy()[:, ::flip]
    x, y = ROTATED.to_xy @ [10, 31 if flip > 0 else 35, 1]
    body = np.where(np.isnan(horizon), 9999900, horizon).T.ravel()
    text = (
        f"-996 5 25.0 {flip * 12.5}\n{x:.6f} {x + 125:.6f} {y:.6f} {y + 50:.6f}\n"
        f"6 30.000000 {x:.6f} {y:.6f}\n0 0 0 0 0 0 0\n"
    ) + "\n".join(" ".join(f"{v:.4f}" for v in body[n : n + 6]) for n in range(0, 30, 6))
    read = read_horizon_file(write(tmp_path, text), ROTATED)
    equal(read, wavy(), "IRAP classic grid")
    assert (read.n_inside, read.n_outside) == (29, 0)


def north_west_columns(horizon, null):
    """Give columns west to east, each from north to south: inlines run east, crosslines north."""
    return np.where(np.isnan(horizon), null, horizon)[:, ::-1]


@pytest.mark.parametrize("touching", [False, True])
def test_zmap(tmp_path, touching):
    field = "{:12.3f}" if touching else "{:15.4f}"
    body = ""
    for column in north_west_columns(wavy(), -99999.25 if touching else 1e30):
        cells = [(("-9999999.250" if touching else f"{v:15.7E}") if abs(v) > 9e4
                  else field.format(v)) for v in column]  # fmt: skip
        body += "".join(cells[:3]) + "\n" + "".join(cells[3:]) + "\n"
    width, null = (12, "-9999999.25") if touching else (15, "0.1E+31")
    text = (
        f"! written by hand\n!\n@top HEADER, GRID, 3\n {width}, {null}, , 4, 1\n"
        " 5, 6, 4500.0, 4625.0, 61000.0, 61050.0\n 0.0, 0.0, 0.0\n@\n"
    )
    equal(read_horizon_file(write(tmp_path, text + body), NORTH_UP), wavy(), "ZMAP+ grid")


def cps3_grid(horizon):
    body = "\n".join(" ".join(f"{v:.4f}" for v in c) for c in north_west_columns(horizon, 1e30))
    return (
        'FSASCI 0 1 "Computed" 0 1E30 0\nFSATTR 0 0\nFSLIMI 4500 4625 61000 61050 130 150\n'
        f"FSNROW 5 6\nFSXINC 25 12.5\n->Top H1\n{body}\n"
    )


def test_cps3_grid(tmp_path):
    path = write(tmp_path, cps3_grid(wavy()))
    equal(read_horizon_file(path, NORTH_UP), wavy(), "CPS-3 grid")


def test_cps3_points(tmp_path):
    rows = rows_text(picks(ROTATED, wavy()), "{2:.3f} {3:.3f} {4:.3f}").splitlines(keepends=True)
    text = "FFASCI 0 1 COMPUTED 0 -999.25\nFFATTR 0 0\n->line 1\n" + "".join(rows[:9])
    path = write(tmp_path, text + "->line 2\n" + "".join(rows[9:]) + "4500 61000 -999.25\n")
    equal(read_horizon_file(path, ROTATED), wavy(), "CPS-3 points")


def earthvision(geometry, horizon, unit):
    grid = picks(geometry, np.where(np.isnan(horizon), 1e30, horizon))
    at = [((row[0] - 10) // 2 + 1, row[1] - 30) for row in grid]
    rows = np.column_stack([grid[:, 2:], at])
    return (
        "# Type: scattered data\n# Version: 6\n# Description: Top\n# Format: free\n"
        f"# Field: 1 x\n# Field: 2 y\n# Field: 3 z {unit}\n# Field: 4 column\n# Field: 5 row\n"
        "# Projection: Local Rectangular\n# Units: meters\n# End:\n# Grid_size: 6 x 5\n"
        "# Null_value: 1.0e30\n"
    ) + rows_text(rows, "{:.4f} {:.4f} {:.4f} {:.0f} {:.0f}")


@pytest.mark.parametrize("unit", ["milliseconds", ""])
def test_earthvision_grid(tmp_path, unit):
    path = write(tmp_path, earthvision(ROTATED, wavy(), unit))
    read = read_horizon_file(path, ROTATED)
    equal(read, wavy(), "EarthVision")
    assert read.guess is None


def test_earthvision_scattered_data(tmp_path):
    head = "# Type: scattered data\n# Field: 1 x\n# Field: 2 y\n# Field: 3 z meters\n"
    rows = rows_text(picks(ROTATED, wavy()), "{2:.3f} {3:.3f} {4:.3f}")
    with pytest.raises(HorizonError, match="is in m, the survey in ms"):
        read_horizon_file(write(tmp_path, head + rows), ROTATED)
    read = read_horizon_file(tmp_path / "top.dat", ROTATED, HorizonChoice(unit="ms"))
    equal(read, wavy(), "EarthVision")


def iesx(geometry, horizon):
    text = (
        "PROFILE Top              TYPE 1  4                                               "
        "3d_ci7m.ifdf     m  ms\nSNAPPING PARAMETERS 5     0 1\n"
    )
    for inline, crossline, x, y, z in picks(geometry, np.where(np.isnan(horizon), 3e38, horizon)):
        depth = "%9.2f" % (3.4028235e38 if z > 1e29 else z)
        text += (
            f"{x:16.8E}{y:16.8E}{0:3d}{14:3d}{depth}{crossline:10.2f}{crossline:10.2f}"
            f"{int(crossline):5d}{3.4028235e38:14.7E} I{int(inline):7d}  XX\n"
        )
    return text + "EOD"


def test_iesx(tmp_path):
    horizon = np.round(wavy(), 2)
    path = write(tmp_path, iesx(ROTATED, horizon))
    equal(read_horizon_file(path, ROTATED), horizon, "IESX")
    path.write_text(iesx(ROTATED, horizon) + "\n" + iesx(ROTATED, horizon + 7))
    read = read_horizon_file(path, ROTATED)
    equal(read, horizon, "IESX")
    assert read.warnings == ("The file holds 2 horizons; the first is read.",)


def test_iesx_without_line_numbers_goes_by_coordinates(tmp_path):
    horizon = np.round(wavy(), 2)
    path = write(tmp_path, "PROFILE Top TYPE 1\n" + "".join(
        f"{x:16.8E}{y:16.8E}{1:3d}{4:3d}{z:9.2f}\n" for _, _, x, y, z in picks(ROTATED, horizon)
    ))  # fmt: skip
    equal(read_horizon_file(path, ROTATED), horizon, "IESX")


GRID = cps3_grid(wavy())
ZMAP = (
    "@top HEADER, GRID, 2\n15, 1E30, , 4, 1\n2, 2, 4500, 4525, 61000, 61012\n0, 0, 0\n@\n1 2\n3 4\n"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-996 5 25.0\n", "ends in its header, after 3 of 19"),
        ("-996 2 25 25\n0 1 0 1\n2 0 x 0\n", 'line 3: "x" is not a number'),
        ("-996 2.5 25 25\n0 1 0 1\n2 0 0 0\n0 0 0 0 0 0 0\n1 2 3 4\n", "line 1: 2.5 is not a num"),
        ("-996 2 25 25\n0 1 0 1\n2 0 0 0\n0 0 0 0 0 0 0\n1 2 3\n", "3 values; its header says 2 x"),
        ("-996 2 25 25\n0 1 0 1\n2 0 0 0\n0 0 0 0 0 0 0\n1 2 3 a\n", 'line 5: "a" is not a number'),
        ("-996 2 0 25\n0 1 0 1\n2 0 0 0\n0 0 0 0 0 0 0\n1 2 3 4\n", "grid step of 0"),
        ("-996 2 25 25\n0 1 0 1\n2 0 0 0\n0 0 0 0 0 0 0\n130 130 130 130\n", "has no pick on the"),
        (GRID.replace("FSNROW 5 6\n", ""), "has no record FSNROW"),
        (GRID.replace("FSNROW 5 6", "FSNROW 5"), "line 4: 1 numbers instead of 2"),
        (GRID.replace("FSLIMI 4500", "FSLIMI west"), 'line 3: "west" is not a number'),
        (GRID[:-9], "values; its header says 6 x 5"),
        (ZMAP[:50], "no complete ZMAP"),
        (ZMAP.replace("3 4", "3 b"), 'line 7: "b" is not a number'),
        (ZMAP.replace("4500, 4525", "4500, 4500"), "line 3: 2 nodes from 4500 to 4500"),
        (ZMAP.replace("15, 1E30", "wide, 1E30"), 'line 2: "wide" is not a number'),
        ("PROFILE a TYPE 1\n", "has no picks"),
        ("PROFILE a TYPE 1\nnonsense\n", 'line 2: "nonsense" is not a number for x'),
        ("INLINE : 10 XLINE : 31 1 2 z\nINLINE : 10 XLINE : 31 1 2 3\n", 'column 5 is not'),
        ("FFASCI 0 1\n->\n4500 61000 130\n4500 61000\n", "line 4: 2 columns instead of 3"),
    ],
)  # fmt: skip
def test_damaged_files_get_one_clear_line(tmp_path, text, message):
    with pytest.raises(HorizonError, match=message) as caught:
        read_horizon_file(write(tmp_path, text), NORTH_UP)
    assert str(caught.value).startswith("top.dat")
    assert "\n" not in str(caught.value)


def test_a_format_can_be_chosen(tmp_path):
    path = write(tmp_path, rows_text(picks(ROTATED, wavy()), "{2:.3f} {3:.3f} {4:.3f}"))
    read = read_horizon_file(path, ROTATED, HorizonChoice(format_name="IRAP points"))
    equal(read, wavy(), "IRAP points")
    with pytest.raises(HorizonError, match="There is no format"):
        read_horizon_file(path, ROTATED, HorizonChoice(format_name="Kingdom"))


def test_grids_are_interpolated_and_absent_beside_undefined_nodes(tmp_path):
    """Nodes 50 m apart in x carry a plane; one is undefined."""
    text = (
        "FSASCI 0 1 C 0 -999.25\nFSLIMI 4450 4650 60990 61070 0 1\nFSNROW 3 5\nFSXINC 50 40\n->\n"
    )
    x, y = np.meshgrid(np.arange(4450, 4651, 50), [61070, 61030, 60990], indexing="ij")
    z = 140 + 0.1 * (x - 4500) + 0.05 * (y - 61000)
    z[3, 0] = -999.25  # x 4600, y 61070
    path = write(tmp_path, text + "\n".join(" ".join(f"{v:.4f}" for v in row) for row in z))
    values = read_horizon_file(path, NORTH_UP).values
    i, j = np.mgrid[:6, :5]
    plane = 140 + 2.5 * i + 0.625 * j
    absent = (i >= 3) & (j >= 3)
    assert np.array_equal(np.isnan(values), absent)
    assert np.allclose(values[~absent], plane[~absent])
