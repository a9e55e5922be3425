"""Whatever is wrong with a file of wells is one line that names the row and the value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.wells.columns import said_columns
from napari_hyperseg.labels.wells.content import WellChoice
from napari_hyperseg.labels.wells.reading import read_wells
from napari_hyperseg.survey.geometry import Geometry

HEAD = "well,inline,crossline,top,base,facies\n"
GOOD = "A,104,35,80,120,Sand\n"
TOPS = "well,inline,crossline,pick,twt\n"

BAD = {
    "empty": ("", ["wells.csv is empty"]),
    "blank": (" \n\n\t\n", ["is empty"]),
    "only a header": (HEAD, ["a header and no row"]),
    "no columns": ("wells\nA\nB\n", ["has one column", "; or , or tabs"]),
    "binary": (b"PK\x03\x04\x00\x00\x01", ["is not text", "byte 5"]),
    "noise": (bytes(range(1, 256)) * 20, []),
    "broken utf-16": (b"\xff\xfea", ["UTF-16"]),
    "no well": ("inline,crossline,top,base,facies\n104,35,1,2,a\n", ["name of the well"]),
    "no place": ("well,inline,top,base,facies\nA,104,1,2,a\n", ["inline and crossline, or x"]),
    "no top": ("well,inline,crossline,base,facies\nA,104,35,2,a\n", ["where the interval begins"]),
    "no facies": ("well,inline,crossline,top,base\nA,104,35,1,2\n", ["what the interval is"]),
    "no pick": ("well,inline,crossline,twt\nA,104,35,1\n", ["what begins there"]),
    "no time": ("well,inline,crossline,marker\nA,104,35,B\n", ["time or depth of the top"]),
    "no header": (GOOD + GOOD, ["no column for", "A, 104, 35"]),
    "text": (HEAD + GOOD + "A,104,35,deep,160,Sand\n", ["row 3", 'top is "deep"']),
    "text in a line number": (HEAD + "A,1o4,35,80,90,Sand\n", ["row 2", 'inline is "1o4"']),
    "long text": (HEAD + f"A,104,35,{'x' * 99},160,S\n", ["row 2", '..."']),
    "infinite": (HEAD + "A,104,35,80,inf,Sand\n", ["row 2", '"inf"']),
    "underscores": (HEAD + "A,104,35,80,1_20,Sand\n", ["row 2", '"1_20"']),
    "decimal commas": (HEAD + "A,104,35,80,5,120,5,Sand\n", ["row 2", "8 columns", "Decimal"]),
    "quoted decimal comma": (HEAD + 'A,104,35,"80,5",120,Sand\n', ["row 2", '"80,5"']),
    "short row": (HEAD + GOOD + "A,104,35\n", ["row 3", "3 columns instead of 6"]),
    "nameless well": (HEAD + ",104,35,80,120,Sand\n", ["row 2", "name of the well is empty"]),
    "upside down": (HEAD + GOOD + "A,104,35,160,140,Sand\n", ["row 3", "140 is above top 160"]),
    "overlap": (
        HEAD + GOOD + "B,104,35,80,120,Sand\nA,104,35,110,160,Shale\n",
        ["row 4", "80-120 in row 2 and 110-160", "overlap"],
    ),
    "the same twice": (HEAD + GOOD + GOOD, ["row 3", "overlap"]),
    "all undefined": (HEAD + "A,104,35,NaN,NaN,Sand\n", ["no number for a top"]),
    "all outside": (HEAD + "A,999,35,80,120,Sand\n", ["no well to label with", "inline 999"]),
    "no facies at all": (HEAD + "A,104,35,80,120,\n", ["no well to label with"]),
    "one top": (TOPS + "A,104,35,P,80\n", ["no well to label with", "two tops"]),
    "depths": ("well,inline,crossline,pick,depth\nA,104,35,P,80\nA,104,35,Q,90\n",
               ["in depth", "survey in time", "Convert it to ms"]),
    "metres": ("well,inline,crossline,top_m,base_m,facies\nA,104,35,80,120,a\n", ["depth (m)"]),
    "two units": ("well,inline,crossline,top_ms,base_s,facies\nA,104,35,80,1,a\n", ["one unit"]),
    "codes that are none": (HEAD + "A,104,35,80,120,65030\n", ["65030", "no code of 0 to 255"]),
    "half a code": (HEAD + "A,104,35,80,120,1.5\n", ["1.5", "no code"]),
    "no letters": (HEAD + 'A,104,35,80,120,"a\x07b"\n', ["cannot be printed"]),
    "open quote": (HEAD + 'A,104,35,80,120,"Sand\n' + GOOD * 9000, ["row", "quote"]),
}  # fmt: skip


def check(error: WellError, words: list[str]) -> None:
    message = str(error)
    assert "\n" not in message
    assert message.endswith(".")
    for word in ("wells.csv", *words):
        assert word in message


@pytest.mark.parametrize("name", BAD)
def test_it_is_one_line(read_text, name: str):
    content, words = BAD[name]
    with pytest.raises(WellError) as raised:
        read_text(content)
    check(raised.value, words)


@pytest.mark.parametrize(
    ("said", "word"),
    [({"top": "depth"}, '"depth"'), ({"top": "7"}, '"7"'), ({"top": "0"}, '"0"')],
)  # fmt: skip
def test_columns_that_are_not_there(read_text, said: dict[str, str], word: str):
    with pytest.raises(WellError, match=word):
        read_text(HEAD + GOOD, choice=WellChoice(columns=said))


@pytest.mark.parametrize("pair", ["top", "top=", "=x", "colour=x", "TOP=x", ""])
def test_columns_are_said_in_one_form(pair: str):
    with pytest.raises(WellError, match="ROLE=NAME"):
        said_columns([pair])
    assert said_columns(["top=a", " base = b=c"]) == {"top": "a", "base": "b=c"}


def test_a_unit_of_the_other_domain(read_text, depth):
    with pytest.raises(WellError, match=r"in depth \(m\), and the survey in time"):
        read_text(HEAD + GOOD, choice=WellChoice("m"))
    with pytest.raises(WellError, match=r"in time \(ms\), and the survey in depth"):
        read_text(HEAD.replace("top", "top_ms") + GOOD, depth)


def test_x_and_y_need_a_map(read_text):
    bare = Geometry(np.arange(3), np.arange(4), 5, 0.0, 4.0)
    with pytest.raises(WellError, match="no map coordinates"):
        read_text("well,x,y,top,base,facies\nA,1,2,3,4,a\n", bare)


def test_a_file_that_is_not_there(tmp_path: Path, geometry: Geometry):
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(WellError, match="cannot be read"):
            read_wells(path, geometry)


def test_names_without_end(read_text):
    rows = "".join(f"A,104,35,{n / 10},{n / 10 + 0.05},{n * 1.37}m\n" for n in range(400))
    with pytest.raises(WellError, match="400 different names"):
        read_text(HEAD + rows)


@pytest.mark.parametrize("seed", range(30))
def test_damaged_bytes_end_in_one_line_or_in_wells(read_text, seed: int):
    random = np.random.default_rng(seed)
    content = bytearray((HEAD + GOOD * 1 + "B;110;40;90;100;Shale\nA,104,35,120,130,x\n").encode())
    for at in random.integers(0, len(content), 4):
        content[at] = random.choice(list(b'\x00\xff,;\t\n\r"#.-19aZ'))
    try:
        read_text(bytes(content))
    except WellError as error:
        check(error, [])


@pytest.mark.slow
def test_a_million_rows(read_text):
    """Ten thousand wells of a hundred intervals."""
    samples = "".join(
        f"W,104,35,{3 * k},{3 * k + 3},{'Sand' if k % 2 else 'Shale'}\n" for k in range(100)
    )
    text = HEAD + "".join(samples.replace("W,", f"W{n},") for n in range(10_000))
    file = read_text(text)
    assert len(file.wells) == 10_000
    assert sum(len(well.intervals) for well in file.wells) == 1_000_000
