"""Files of wells as they come: columns of many names, units, encodings, tops and intervals."""

from __future__ import annotations

import codecs

import numpy as np
import pytest

from napari_hyperseg.labels.wells.content import WellChoice, WellFile
from napari_hyperseg.labels.wells.order import common_order

ROWS = (("A", 104, 35, 80, 120, "Sand"), ("A", 104, 35, 120, 200, "Shale"))
TOPS = "well,inline,crossline,pick,twt\n"


def intervals(file: WellFile, well: int = 0) -> list[tuple]:
    return [(one.top, one.base, one.facies) for one in file.wells[well].intervals]


def table(header: str, rows=ROWS, separator: str = ",", scale: float = 1) -> str:
    lines = [header.replace(",", separator)]
    for well, inline, crossline, top, base, facies in rows:
        cells = (well, inline, crossline, f"{top * scale:g}", f"{base * scale:g}", facies)
        lines.append(separator.join(map(str, cells)))
    return "\n".join(lines)


@pytest.mark.parametrize(
    "header",
    [
        "well,inline,crossline,top,base,facies",
        "WELL,IL,XL,TOP,BASE,FACIES",
        "Well Name,Inline No,Crossline No,Top (ms),Base (ms),Lithology",
        "borehole,iline,xline,from_ms,to_ms,class",
        "UWI,Inline,Crossline,top_twt,bottom_twt,Formation",
        "WellBore,INLINE,XLINE,TopTime,BaseTime,rock type",
        '"well","inline","crossline","twt_top[ms]","twt_base[ms]","zone"',
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_headers_of_many_kinds(read_text, header: str, separator: str):
    file = read_text(table(header, separator=separator))
    assert intervals(file) == [(80, 120, "Sand"), (120, 200, "Shale")]
    assert (file.wells[0].i, file.wells[0].j) == (2, 4)
    assert file.classes == ("Sand", "Shale")
    assert file.notes == ()


@pytest.mark.parametrize(
    ("unit", "scale"), [("(s)", 0.001), ("_sec", 0.001), ("[ms]", 1), ("", 1), (" TWT s", 0.001)]
)
def test_the_unit_is_what_the_header_says(read_text, unit: str, scale: float):
    header = f"well,inline,crossline,top{unit},base{unit},facies"
    assert intervals(read_text(table(header, scale=scale)))[1] == (120, 200, "Shale")


def test_a_unit_that_nobody_says_is_what_fits(read_text):
    text = table("well,inline,crossline,top,base,facies", scale=0.001)
    file = read_text(text)
    assert intervals(file)[0] == (80, 120, "Sand")
    assert "seconds are taken" in file.notes[0]
    said = read_text(text, choice=WellChoice("s"))
    assert intervals(said)[0] == (80, 120, "Sand")
    assert said.notes == ()


def test_depths_in_feet_and_upwards_on_a_survey_in_metres(read_text, depth):
    text = table("well,inline,crossline,top_ft,base_ft,facies", scale=1 / 0.3048)
    assert np.allclose(intervals(read_text(text, depth))[0][:2], (80, 120), atol=0.01)
    text = table("well,inline,crossline,tvdss top (m),tvdss base (m),facies", scale=-1)
    file = read_text(text, depth)
    assert intervals(file)[0] == (80, 120, "Sand")
    assert "upwards" in file.notes[0]


def test_measured_depth_is_told_of(read_text, depth):
    file = read_text("well,inline,crossline,pick,md\nA,104,35,P,80\nA,104,35,Q,99\n", depth)
    assert "rig floor" in file.notes[0]


def test_of_depth_and_time_the_survey_s_is_taken(read_text, depth):
    header = "well,inline,crossline,marker,depth_m,twt_ms\n"
    rows = "A,104,35,P,1080,80\nA,104,35,Q,1120,120\n"
    assert intervals(read_text(header + rows)) == [(80, 120, "P")]
    rows = "A,104,35,P,80,1080\nA,104,35,Q,120,1120\n"
    assert intervals(read_text(header + rows, depth)) == [(80, 120, "P")]


def test_x_and_y_go_through_the_map(read_text, geometry):
    to_xy = geometry.to_xy
    x, y = to_xy @ (106.5, 38.2, 1)
    file = read_text(f"well,x,y,top,base,facies\nA,{x:.3f},{y:.3f},80,120,Sand\n")
    assert np.allclose((file.wells[0].i, file.wells[0].j), (3.25, 7.2), atol=1e-3)


def test_decimal_commas_where_commas_separate_nothing(read_text):
    text = "well;inline;crossline;top;base;facies\nA;104,5;35,25;80,5;120,25;Sand\n"
    file = read_text(text)
    assert intervals(file) == [(80.5, 120.25, "Sand")]
    assert (file.wells[0].i, file.wells[0].j) == (2.25, 4.25)
    assert intervals(read_text(text.replace(";", "\t"))) == [(80.5, 120.25, "Sand")]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("latin-1"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: ("sep=,\n" + text).encode(),
        lambda text: ("Wells of the field\n\n# made by hand\n" + text + "\n,,,,,\n\n").encode(),
        lambda text: text.replace("\n", ",,\n").encode(),
    ],
    ids=["bom", "latin-1", "utf-16", "crlf", "cr", "excel", "title", "trailing"],
)
def test_encodings_line_ends_and_what_spreadsheets_add(read_text, encode):
    text = table("well,inline,crossline,top,base,facies").replace("Sand", "Grès")
    assert intervals(read_text(encode(text)))[0] == (80, 120, "Grès")


def test_columns_can_be_said_by_name_and_number(read_text):
    text = "hole,a,b,c,d,what\nA,104,35,80,120,Sand\n"
    said = {"inline": "a", "crossline": "3", "top": "C", "base": "d", "facies": "what"}
    file = read_text(text, choice=WellChoice(columns=said))
    assert intervals(file) == [(80, 120, "Sand")]
    assert (file.wells[0].i, file.wells[0].j) == (2, 4)


def test_codes_are_numbers_and_zero_says_nothing(read_text):
    rows = [
        ("A", 104, 35, 80, 120, 2),
        ("A", 104, 35, 120, 160, 0),
        ("A", 104, 35, 160, 200, "1.0"),
    ]
    file = read_text(table("well,inline,crossline,top,base,facies", rows))
    assert intervals(file) == [(80, 120, 2), (160, 200, 1)]


def test_names_that_say_nothing_label_nothing(read_text):
    rows = [("A", 104, 35, 80, 120, "Sand"), ("A", 104, 35, 120, 160, ""),
            ("A", 104, 35, 160, 200, "NaN"), ("A", 104, 35, 200, 210, "-999.25")]  # fmt: skip
    assert intervals(read_text(table("well,inline,crossline,top,base,facies", rows))) == [
        (80, 120, "Sand")
    ]


def test_wells_and_classes_are_the_same_whatever_their_capitals(read_text):
    rows = [("A  1", 104, 35, 80, 120, "Sand"), ("a 1", 104, 35, 120, 160, "SAND")]
    file = read_text(table("well,inline,crossline,top,base,facies", rows))
    assert [well.name for well in file.wells] == ["A 1"]
    assert file.classes == ("Sand",)


def test_a_place_need_not_be_repeated(read_text):
    rows = [("A", "", "", 80, 120, "Sand"), ("A", 104, 35, 120, 160, "Shale")]
    file = read_text(table("well,inline,crossline,top,base,facies", rows))
    assert (file.wells[0].i, file.wells[0].j) == (2, 4)
    assert len(intervals(file)) == 2


def test_tops_reach_down_to_the_next(read_text):
    file = read_text(
        TOPS + "A,104,35,Base,200\nA,104,35,Upper,80\nA,104,35,Lower,120\nB,110,40,Upper,90\n"
        "B,110,40,Lower,140\nB,110,40,TD,300\n"
    )
    assert intervals(file) == [(80, 120, "Upper"), (120, 200, "Lower")]
    assert intervals(file, 1) == [(90, 140, "Upper"), (140, 300, "Lower")]
    assert file.classes == ("Upper", "Lower")


def test_a_nameless_top_ends_what_is_above_it(read_text):
    file = read_text(
        TOPS + "A,104,35,Upper,80\nA,104,35,,120\nA,104,35,Lower,160\nA,104,35,TD,200\n"
    )
    assert intervals(file) == [(80, 120, "Upper"), (160, 200, "Lower")]


def test_a_top_that_was_not_found_leaves_its_neighbourhood_out(read_text):
    rows = "A,104,35,P,80\nA,104,35,Q,\nA,104,35,R,160\nA,104,35,S,200\n"
    file = read_text(TOPS + rows)
    assert intervals(file) == [(160, 200, "R")]
    assert file.notes[0] == "Row 3 without a time or depth: left out."
    assert "begins above" in file.notes[1]
    again = read_text(TOPS + rows.replace("Q,", "Q,-999.25"))
    assert intervals(again) == [(160, 200, "R")]


def test_intervals_without_a_number_are_left_out_and_told(read_text):
    rows = [(*ROWS[0][:4], float("nan"), "Sand"), ROWS[1]]
    file = read_text(table("well,inline,crossline,top,base,facies", rows))
    assert intervals(file) == [(120, 200, "Shale")]
    assert file.notes == ("Row 2 without a top or base: left out.",)


def test_wells_elsewhere_are_told_and_not_moved(read_text):
    text = TOPS + "".join(
        f"{well},{inline},{crossline},{pick},{twt}\n"
        for well, inline, crossline in (("in", 100.9, 31), ("edge", 99, 31), ("out", 98.9, 31),
                                        ("far", 104, 99))
        for pick, twt in (("P", 80), ("Q", 120))
    )  # fmt: skip
    file = read_text(text)
    assert [well.name for well in file.wells] == ["in", "edge"]
    assert file.n_wells == 4
    assert file.notes == (
        "out is left out: inline 98.9, crossline 31 lies outside inlines 100-118 and crosslines "
        "31-42.",
        "far is left out: inline 104, crossline 99 lies outside inlines 100-118 and crosslines "
        "31-42.",
    )


def test_other_wells_that_cannot_be_used_are_told(read_text):
    file = read_text(
        TOPS + "A,104,35,P,80\nA,104,35,Q,120\nturning,104,35,P,80\nturning,106,35,Q,120\n"
        "nowhere,,,P,80\nnowhere,,,Q,90\nsingle,110,40,P,80\n"
    )
    assert [well.name for well in file.wells] == ["A"]
    assert file.notes == (
        "turning is left out: it is not vertical: rows 4 and 5 lie 1.0 traces apart.",
        "nowhere is left out: none of its rows says where it is.",
        "single is left out: it needs two tops, one below the other.",
    )


def test_classes_keep_one_order_over_wells(read_text):
    file = read_text(
        TOPS + "A,104,35,P,80\nA,104,35,R,120\nA,104,35,S,160\n"
        "B,110,40,Q,10\nB,110,40,R,20\nB,110,40,S,30\nC,112,40,P,200\nC,112,40,Q,210\nC,112,40,S,220\n"
    )
    assert file.classes == ("P", "Q", "R")
    assert file.notes == ()


def test_wells_that_contradict_each_other_are_told(read_text):
    file = read_text(
        TOPS + "A,104,35,P,80\nA,104,35,Q,120\nA,104,35,TD,160\n"
        "B,110,40,Q,90\nB,110,40,P,200\nB,110,40,TD,230\n"
    )
    assert file.classes == ("Q", "P")
    assert file.notes == ("Wells differ in whether P or Q is on top.",)


@pytest.mark.parametrize("seed", range(5))
def test_the_common_order_respects_every_well(seed: int):
    random = np.random.default_rng(seed)
    wells = [np.sort(random.choice(12, 5, replace=False)).tolist() for _ in range(20)]
    shuffled = random.permutation(12)
    sequences = [([int(shuffled[n]) for n in names], [float(n) for n in names]) for names in wells]
    order, contradictions = common_order(sequences)
    assert contradictions == []
    for names, _ in sequences:
        assert sorted(names, key=order.index) == names
