"""A file is looked at in several ways, its headers read once."""

import numpy as np
import pytest
from segy_making import grid_positions, no_way, two_ways

from napari_hyperseg.errors import ReadingError
from napari_hyperseg.survey.segy.exploring import SegyExplorer
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.trace_headers import TraceHeaders

POSITIONS = grid_positions([2, 4, 6, 8], [5, 8, 11])


@pytest.fixture
def ambiguous(make_segy):
    return make_segy([(0, 0)] * 24, fields=two_ways, traces=[np.full(4, n) for n in range(24)])


@pytest.fixture
def gathers(make_segy):
    return make_segy([at for at in POSITIONS for _ in range(2)], fields=lambda n: {37: n % 2})


@pytest.fixture
def passes(monkeypatch):
    """Fields read in each pass over a file."""
    made, read_all = [], TraceHeaders._read_all

    def noted(self, wanted):
        made.append(wanted)
        read_all(self, wanted)

    monkeypatch.setattr(TraceHeaders, "_read_all", noted)
    return made


def test_a_plain_file_leaves_nothing_open(make_segy):
    look = SegyExplorer(make_segy(POSITIONS)).look()
    assert not look.open_question
    assert look.reading.lines == (189, 193)
    assert look.live.all()
    assert look.live.shape == (4, 3)


def test_two_ways_that_explain_the_traces_alike_are_an_open_question(ambiguous):
    explorer = SegyExplorer(ambiguous)
    look = explorer.look()
    assert look.open_question
    assert look.undecided is None
    assert [(one.inline, one.crossline) for one in look.others] == [(9, 13)]
    said = explorer.look(Reading((9, 13)))
    assert not said.open_question
    assert said.live.shape == (3, 8)
    assert not any("could as" in line for line in said.remarks)


def test_gathers_are_described_but_not_opened_before_a_choice(gathers):
    explorer = SegyExplorer(gathers)
    look = explorer.look()
    assert look.undecided is not None
    assert look.remarks == ()
    assert str(look.undecided) == look.info.warnings[0]
    with pytest.raises(ReadingError, match="is prestack"):
        explorer.open()
    assert explorer.look(Reading(stack=True)).undecided is None
    assert explorer.open(Reading(offset=1)).geometry.shape[:2] == (4, 3)


def test_what_no_bytes_explain_has_candidates_all_the_same(make_segy):
    explorer = SegyExplorer(make_segy([(0, 0)] * 300, fields=no_way, traces=[np.ones(3)] * 300))
    with pytest.raises(ReadingError, match="no trace header bytes") as caught:
        explorer.look()
    assert "--iline" in str(caught.value)
    assert "--iline" not in caught.value.what
    assert explorer.candidates[0].score < 0.01
    assert explorer.to_json()["traces"] == 300
    assert len(explorer.text_header) == 40


def test_the_headers_are_read_once(ambiguous, passes):
    explorer = SegyExplorer(ambiguous)
    for reading in (Reading(), Reading((9, 13)), Reading((5, 21)), Reading((9, 13))):
        explorer.look(reading)
        explorer.open(reading)
    assert len(passes) == 1
    explorer.look(Reading((9, 25)))
    assert passes[1:] == [(25,)]


def test_another_pass_is_told_of_and_can_be_ended(make_segy):
    explorer = SegyExplorer(make_segy(POSITIONS, fields=lambda n: {25: n % 3}))

    def enough(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        explorer.look(Reading((189, 25)), enough)
    told = []
    look = explorer.look(Reading((189, 25)), lambda *at: told.append(at))
    assert told == [(12, 12)]
    assert look.live.shape == (4, 3)


@pytest.mark.parametrize("reading", [Reading(), Reading((193, 189)), Reading(domain="depth")])
def test_exploring_describing_and_opening_agree(tiny_segy, reading):
    explorer = SegyExplorer(tiny_segy)
    assert explorer.info(reading) == describe_segy(tiny_segy, reading)
    ours, opened = explorer.open(reading), open_survey(tiny_segy, reading)
    assert ours.source.reading == opened.source.reading
    assert ours.source.fingerprint == opened.source.fingerprint
    assert np.array_equal(ours.volume[:], opened.volume[:])


@pytest.mark.parametrize(
    ("reading", "what"),
    [
        (Reading((189, 238)), "Byte 238"),
        (Reading(offset=7), "no offset 7"),
    ],
)
def test_another_choice_may_do(gathers, reading, what):
    explorer = SegyExplorer(gathers)
    with pytest.raises(ReadingError, match=what):
        explorer.look(reading)
    assert explorer.open(Reading(stack=True)).geometry.shape[:2] == (4, 3)
