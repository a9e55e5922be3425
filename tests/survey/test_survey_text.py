"""Textual headers: their encoding, and a remark in a free line."""

import pytest

from napari_hyperseg.survey.segy.text import (
    numbered_lines,
    read_text,
    text_encoding,
    with_history,
    write_text,
)

ENCODINGS = ["cp037", "ascii"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_comes_back_with_its_encoding(encoding):
    lines = numbered_lines(["CLIENT: NOBODY", "x = 3.5 (m)"])
    text = write_text(lines, encoding)
    assert len(text) == 3200
    assert text_encoding(text) == encoding
    assert [line.rstrip() for line in read_text(text)] == [line.rstrip() for line in lines]
    assert read_text(text)[39].startswith("C40 END TEXTUAL HEADER")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_remark_goes_after_the_last_one_and_moves_nothing(encoding):
    text = write_text(numbered_lines(["FIRST", "", "THIRD"]), encoding)
    remarked = with_history(text, "facies \N{GREEK SMALL LETTER ALPHA} " + "long " * 40)
    lines = read_text(remarked)
    assert lines[3].startswith("C 4 facies ? long")
    assert len(remarked) == 3200
    assert remarked[:240] + remarked[320:] == text[:240] + text[320:]


def test_a_header_of_nothing_gets_its_remark():
    assert read_text(with_history(bytes(3200), "facies"))[0].rstrip() == "C 1 facies"


def test_a_full_header_stays_as_it_is():
    text = write_text([f"C{n:2d} taken" for n in range(1, 41)])
    assert with_history(text, "facies") == text
