"""The kept index gives the same survey, and only for the same file read the same way."""

import numpy as np
import pytest
from segy_making import grid_positions

from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy import exploring
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.reading import Reading

POSITIONS = grid_positions([2, 4, 6, 8], [5, 8, 11])[1:]


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path / "volumes", "made")


@pytest.fixture
def unread(monkeypatch):
    """Trace headers must not be read any more."""

    def refuse(*_):
        raise AssertionError("the trace headers were read again")

    return lambda: monkeypatch.setattr(exploring, "TraceHeaders", refuse)


def fields(trace):
    inline, crossline = POSITIONS[trace]
    return {37: trace % 2, 109: 4 * (trace % 3), 181: 25 * inline, 185: 25 * crossline, 71: 1}


@pytest.mark.parametrize("reading", [Reading(), Reading((193, 189), domain="depth", stack=True)])
def test_the_index_is_kept(make_segy, kept, unread, reading):
    path = make_segy(POSITIONS, fields=fields, interval_us=4000)
    first = open_survey(path, reading, kept=kept)
    unread()
    again = open_survey(path, reading, kept=kept)
    complete = open_survey(path, first.source.reading, kept=kept)
    for survey in (again, complete):
        assert np.array_equal(survey.volume[:], first.volume[:])
        assert survey.source.warnings == first.source.warnings
        assert survey.source.reading == first.source.reading
        ours, theirs = survey.geometry, first.geometry
        assert np.array_equal(ours.inlines, theirs.inlines)
        assert np.array_equal(ours.live, theirs.live)
        assert np.array_equal(ours.to_xy, theirs.to_xy)
        assert (ours.shape, ours.start_ms, ours.domain) == (
            theirs.shape,
            theirs.start_ms,
            theirs.domain,
        )


def test_another_reading_is_another_index(make_segy, kept):
    path = make_segy(POSITIONS)
    assert open_survey(path, kept=kept).geometry.shape[:2] == (4, 3)
    turned = open_survey(path, Reading((193, 189)), kept=kept)
    assert turned.geometry.shape[:2] == (3, 4)


def test_another_file_is_another_index(make_segy, kept):
    open_survey(make_segy(POSITIONS), kept=kept)
    other = open_survey(make_segy(POSITIONS[:-1]), kept=kept)
    assert other.geometry.live_mask.sum() == len(POSITIONS) - 1


@pytest.mark.parametrize("damage", [b"", b"not an index", b"PK\x03\x04" + bytes(100)])
def test_a_damaged_index_is_made_again(make_segy, kept, damage):
    path = make_segy(POSITIONS)
    wanted = open_survey(path, kept=kept).volume[:]
    kept.index.write_bytes(damage)
    assert np.array_equal(open_survey(path, kept=kept).volume[:], wanted)
    assert kept.index.read_bytes() != damage


def test_an_index_that_cannot_be_kept_is_no_error(make_segy, tmp_path):
    (tmp_path / "volumes").write_text("a file where the folder should be")
    path = make_segy(POSITIONS)
    survey = open_survey(path, kept=Kept(tmp_path / "volumes", "made"))
    assert survey.geometry.shape[:2] == (4, 3)


def test_progress_counts_the_traces(make_segy):
    told = []
    open_survey(make_segy(POSITIONS), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(POSITIONS), len(POSITIONS))
