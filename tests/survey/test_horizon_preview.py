"""The preview of a horizon file."""

import dataclasses

import numpy as np
import pytest
from horizon_making import make_geometry, picks, rows_text, wavy

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files.content import Columns
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice
from napari_hyperseg.survey.horizon_files.preview import sniff
from napari_hyperseg.survey.horizon_files.writing import write_horizon_file

GEOMETRY = make_geometry(30)


def test_a_preview_shows_rows_columns_range_and_counts(tmp_path):
    path = tmp_path / "top.txt"
    seconds = picks(GEOMETRY, wavy()) * [1, 1, 1, 1, 0.001]
    path.write_text(rows_text(seconds, "{0:.0f},{1:.0f},{4:.6f}") + "90,31,0.13\n")
    preview = sniff(path, GEOMETRY)
    assert preview.format_name == "plain columns"
    assert len(preview.cells) == 10
    assert preview.cells[0] == ("10", "31", "0.140000")
    assert preview.columns == Columns(inline=0, crossline=1, z=2)
    assert (preview.unit, preview.survey_unit) == ("s", "ms")
    assert preview.z_range == pytest.approx((np.nanmin(wavy()), np.nanmax(wavy())))
    assert (preview.n_inside, preview.n_outside, preview.problem) == (29, 1, "")


def test_dead_traces_are_outside(tmp_path):
    live = np.ones((6, 5), bool)
    live[:2] = False
    geometry = dataclasses.replace(GEOMETRY, live=live)
    write_horizon_file(tmp_path / "top.irap", wavy(), GEOMETRY, "irap")
    preview = sniff(tmp_path / "top.irap", geometry)
    assert (preview.n_inside, preview.n_outside) == (19, 10)
    assert (preview.format_name, preview.columns) == ("IRAP classic grid", None)


def test_a_file_that_does_not_fit_is_shown_with_its_problem(tmp_path):
    path = tmp_path / "top.txt"
    path.write_text("7 140 31 10\n8 141 32 12\n")
    columns = Columns(inline=2, crossline=3, z=1)
    preview = sniff(path, GEOMETRY, HorizonChoice(columns=columns))
    assert preview.problem.startswith("top.txt has no pick on the survey's inlines")
    assert (preview.columns, preview.cells[1]) == (columns, ("8", "141", "32", "12"))
    columns = Columns(inline=3, crossline=2, z=1)
    assert sniff(path, GEOMETRY, HorizonChoice(columns=columns)).n_inside == 2


def test_columns_that_are_not_there_are_refused(tmp_path):
    path = tmp_path / "top.txt"
    path.write_text("10 31 140\n")
    for columns, message in [
        (Columns(0, 1, z=3), "has columns 1-3, not 4"),
        (Columns(0, z=2), "do not say where picks lie"),
        (Columns(0, 1), "do not say where picks lie"),
    ]:
        assert message in sniff(path, GEOMETRY, HorizonChoice(columns=columns)).problem


def test_a_file_that_cannot_be_parsed_is_refused(tmp_path):
    path = tmp_path / "top.txt"
    path.write_text("10 31 140\n10 32 a\n10 33 141\n")
    with pytest.raises(HorizonError, match="line 2"):
        sniff(path, GEOMETRY)
