"""Whatever is opened, the answer is a survey or one clear line."""

import io
import zipfile

import numpy as np
import pytest
from segy_making import grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey

POSITIONS = grid_positions([1, 2, 3], [4, 5, 6])


def patched(path, **changes):
    """Overwrite bytes, given as at_OFFSET=..."""
    with path.open("rb+") as file:
        for place, content in changes.items():
            file.seek(int(place.removeprefix("at_")))
            file.write(content)
    return path


def zipped(content):
    """An archive that holds nothing but one stored file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("survey.sgy", content)
    return archive.getvalue()


def cut(path, size):
    path.write_bytes(path.read_bytes()[:size])
    return path


BAD = {
    "empty": (lambda path: cut(path, 0), "has 0 bytes, too few"),
    "only a text header": (lambda path: cut(path, 3200), "has 3200 bytes, too few"),
    "only file headers": (lambda path: cut(path, 3600), "has 3600 bytes, too few"),
    "half a trace missing": (lambda path: cut(path, path.stat().st_size - 150), "is cut off"),
    "one byte missing": (lambda path: cut(path, path.stat().st_size - 1), "is cut off"),
    "one byte too many": (lambda path: path.write_bytes(path.read_bytes() + b"\0"), "is cut off"),
    "plain text": (lambda path: path.write_text("inline crossline\n" * 900), "is not SEG-Y"),
    "zeros": (lambda path: path.write_bytes(bytes(9000)), "format code .* is 0, and the standard"),
    "random": (
        lambda path: path.write_bytes(np.random.default_rng(0).bytes(20_000)),
        "is not SEG-Y",
    ),
    "no samples": (lambda path: patched(path, at_3220=b"\0\0"), "says 0 samples per trace"),
    "another trace length": (lambda path: patched(path, at_3220=b"\0\x55"), "is cut off"),
    "unknown format": (lambda path: patched(path, at_3224=b"\0\x0d"), "format code .* is 13"),
    "revision 2 extra trace headers that are not there": (
        lambda path: patched(path, at_3500=b"\2", at_3506=b"\0\1"),
        "is cut off",
    ),
    "fewer than no trace headers": (
        lambda path: patched(path, at_3500=b"\2", at_3506=b"\xff\xf0"),
        "-16 more headers per trace",
    ),
    "fewer than no text headers": (lambda path: patched(path, at_3504=b"\xff\xf0"), "cannot be"),
    "uncounted text headers": (lambda path: patched(path, at_3504=b"\xff\xff"), "does not count"),
    "absurd sample count": (lambda path: patched(path, at_3500=b"\2", at_3268=b"\x7f" * 4), "cut"),
    "traces beyond the end": (
        lambda path: patched(path, at_3500=b"\2", at_3520=b"\x7f" * 8),
        "cut",
    ),
    "zip": (lambda path: path.write_bytes(zipped(b"inline" * 9000)), "is not SEG-Y"),
    "many text headers": (lambda path: patched(path, at_3504=b"\0\x20"), "is cut off"),
}


@pytest.mark.parametrize("reader", [open_survey, describe_segy])
@pytest.mark.parametrize("case", BAD)
def test_bad_files_get_one_clear_line(make_segy, case, reader):
    spoil, message = BAD[case]
    path = make_segy(POSITIONS)
    spoil(path)
    with pytest.raises(SurveyError, match=message) as caught:
        reader(path)
    line = str(caught.value)
    assert line.startswith("made.sgy")
    assert "\n" not in line
    assert line.endswith(".")


def test_what_is_no_file_is_named(tmp_path):
    with pytest.raises(SurveyError, match=r"gone\.sgy does not exist"):
        open_survey(tmp_path / "gone.sgy")
    with pytest.raises(SurveyError, match="cannot be read: Is a directory"):
        open_survey(tmp_path)


def opened_or_refused(path):
    """The shape of a trace, or the line that says why there is none."""
    try:
        survey = open_survey(path)
    except SurveyError as error:
        return str(error)
    return survey.volume[0, 0].shape == (survey.geometry.n_samples,)


def test_no_damage_to_the_headers_makes_a_traceback(make_segy):
    rng = np.random.default_rng(11)
    path = make_segy(POSITIONS)
    original = path.read_bytes()
    answers = []
    for trial in range(150):
        damaged = bytearray(original)
        for place in rng.integers(3200, 3600 + 240, 4):
            damaged[place] = rng.integers(256)
        damaged[3225] = trial % 17
        path.write_bytes(damaged)
        answers.append(opened_or_refused(path))
    assert True in answers
    assert False not in answers
    assert not any("\n" in line for line in answers if line is not True)
