"""What an import of horizon files makes of choices; no window needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.survey.horizon_files.content import Columns
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice
from napari_hyperseg.viewer.horizon_import import HorizonImport, ImportUse
from napari_hyperseg.viewer.import_words import doubts, facts, state_text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Picks on inlines 12 and 14; in column 4 another time."""
    inline, crossline = np.meshgrid([12, 14], np.arange(31, 36), indexing="ij")
    columns = (inline.ravel(), crossline.ravel(), np.full(10, 120), np.full(10, 140))
    np.savetxt(tmp_path / "H.txt", np.column_stack(columns), fmt="%d")
    return tmp_path / "H.txt"


class Later:
    """Keeps work until it is asked for it, in any order."""

    def __init__(self) -> None:
        self.waiting: list = []

    def __call__(self, work, done) -> None:
        self.waiting.append((work, done))

    def run(self, number: int) -> None:
        work, done = self.waiting.pop(number)
        done(work())


def test_what_is_found_is_told_in_words(path: Path, survey):
    files = HorizonImport([path], survey.geometry)
    files.start()
    (item,) = files.items
    told = facts(item, survey.geometry)
    assert told["picks"] == "10 on the survey; 33% of its traces"
    assert told["inlines"] == "12 - 14 (2)"
    assert told["crosslines"] == "31 - 35 (5)"
    assert told["range"] == "120 - 120 ms"
    assert "column 3 is taken" in doubts(item)
    assert state_text(item) == "check"
    assert files.refusal == ""
    ((name, (values, source)),) = files.result().items()
    assert (name, source) == ("H", "H.txt (plain columns)")
    assert np.nansum(values) == 1200


def test_choices_that_make_no_sense_stop_the_import(path: Path, survey):
    files = HorizonImport([path], survey.geometry)
    files.start()
    files.choose(0, HorizonChoice(columns=Columns(inline=0, crossline=1)))
    assert "do not say where picks lie" in files.items[0].problem
    assert files.items[0].preview.cells
    assert "H.txt cannot be imported" in files.refusal
    files.choose(0, HorizonChoice(columns=Columns(inline=0, crossline=1, z=3)))
    assert files.refusal == ""
    assert np.nanmax(files.result()["H"][0]) == 140
    files.rename(0, "  ")
    assert files.refusal
    files.want(0, False)
    assert files.refusal == "No file is ticked."


def test_two_files_of_one_name_are_told(path: Path, survey):
    files = HorizonImport([path, path], survey.geometry)
    files.start()
    assert files.refusal == "Two horizons are called H."
    files.rename(1, "K")
    files.choose_for_all(HorizonChoice(columns=Columns(0, 1, z=3)))
    assert {np.nanmax(values) for values, _ in files.result().values()} == {140}


def test_an_answer_to_an_older_choice_is_not_shown(path: Path, survey):
    later = Later()
    files = HorizonImport([path], survey.geometry, later)
    files.start()
    assert files.refusal == "Reading ..."
    assert state_text(files.items[0]) == "reading"
    files.choose(0, HorizonChoice(columns=Columns(0, 1, z=3)))
    later.run(1)
    later.run(0)
    assert np.nanmax(files.items[0].picks.values) == 140
    assert files.refusal == ""


def test_a_file_that_is_no_text_is_a_problem_not_a_crash(tmp_path: Path, survey):
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 10)
    files = HorizonImport([tmp_path / "a.txt", tmp_path / "absent.txt"], survey.geometry)
    files.start()
    assert all(item.problem and not item.ready for item in files.items)


def test_picks_are_what_lies_on_the_lines_and_in_the_survey(tmp_path: Path, survey):
    """At crossline 31 the file is above the survey, at 35 between two samples."""
    times = {31: 80.0, 32: 120.0, 33: 120.0, 34: 120.0, 35: 121.37}
    rows = [f"{i} {j} {time}" for i in (12, 14) for j, time in times.items()]
    (tmp_path / "H.txt").write_text("\n".join(rows))
    files = HorizonImport([tmp_path / "H.txt"], survey.geometry)
    files.start()
    assert np.isfinite(files.result()["H"][0]).sum() == 10
    files.choose_use(ImportUse(as_picks=True))
    values, source = files.result()["H"]
    assert source == "H.txt (plain columns)"
    assert np.isfinite(values).sum() == 8
    assert values[1, 4] == pytest.approx(121.37)
    files.choose_use(ImportUse(as_picks=True, inlines=" 14 ", crosslines=""))
    assert np.argwhere(np.isfinite(files.result()["H"][0])).tolist() == [
        [2, j] for j in range(1, 5)
    ]
    files.choose_use(ImportUse(as_picks=True, crosslines="31"))
    assert files.refusal.startswith("H has no pick on the chosen lines")
    files.choose_use(ImportUse(as_picks=True, crosslines="above"))
    assert "'above' is no line number" in files.refusal
    assert np.isfinite(files.shown(0)).sum() == 10
    files.choose_use(ImportUse(crosslines="above"))
    assert files.refusal == ""
