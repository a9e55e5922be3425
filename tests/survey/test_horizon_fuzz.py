"""Damage of any kind ends in one line of HorizonError, or in a horizon."""

import numpy as np
import pytest
from horizon_making import make_geometry, wavy

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.preview import sniff
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.horizon_files.writing import WRITERS, write_horizon_file

GEOMETRY = make_geometry()
HEADS = {
    "earthvision": "# Type: scattered data\n# Field: 1 x\n# Field: 2 y\n# Field: 3 z ms\n"
    "# Field: 4 column\n# Field: 5 row\n4500 61000 140 1 1\n4525 61000 141 2 1\n"
    "4500 61012.5 142 1 2\n4525 61012.5 143 2 2\n",
    "cps3": "FSASCI 0 1 C 0 1E30\nFSLIMI 4500 4525 61000 61012.5 0 1\nFSNROW 2 2\n->a\n"
    "140 141\n142 143\n",
    "iesx": "PROFILE Top TYPE 1\n" + f"{4500:16.8E}{61000:16.8E}{1:3d}{4:3d}{140:9.2f}\nEOD",
    "charisma": "INLINE : 10 XLINE : 31 4500 61000 140\nINLINE : 12 XLINE : 31 4525 61000 141\n",
}
DAMAGE = [
    b"",
    b"\n",
    b" ",
    b",",
    b"-",
    b"1e999",
    b"nan",
    b"inf",
    b"x",
    b"\xff",
    b"0",
    b"#",
    b"@",
    b"9",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*HEADS, *(writer.name for writer in WRITERS)])
def test_damage_is_refused_or_read(tmp_path, name):
    path = tmp_path / "top"
    if name in HEADS:
        path.write_text(HEADS[name])
    else:
        write_horizon_file(path, wavy(), GEOMETRY, name)
    whole = path.read_bytes()
    rng = np.random.default_rng(3)
    for _ in range(150):
        start = int(rng.integers(min(len(whole), 600)))
        stop = start + int(rng.integers(12))
        path.write_bytes(whole[:start] + DAMAGE[rng.integers(len(DAMAGE))] + whole[stop:])
        message = refusal(path)
        assert "\n" not in message
        assert not message or message.startswith("top")


def refusal(path):
    """Read a file, and give the message of the refusal, if any."""
    try:
        assert read_horizon_file(path, GEOMETRY).values.shape == (6, 5)
        assert sniff(path, GEOMETRY).problem == ""
    except HorizonError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("shape", [(1, 5), (6, 1), (1, 1)])
@pytest.mark.parametrize("name", [writer.name for writer in WRITERS if writer.name != "geojson"])
def test_surveys_of_a_single_line(tmp_path, name, shape):
    inlines, crosslines = GEOMETRY.inlines[: shape[0]], GEOMETRY.crosslines[: shape[1]]
    geometry = Geometry(inlines, crosslines, 20, 100.0, 4.0, to_xy=GEOMETRY.to_xy)
    horizon = wavy()[: shape[0], : shape[1]]
    write_horizon_file(tmp_path / "top", horizon, geometry, name)
    read = read_horizon_file(tmp_path / "top", geometry)
    assert np.allclose(read.values, horizon, atol=6e-4)
