"""A survey's own amplitudes written again: nothing but the sample format may change."""

from __future__ import annotations

import numpy as np
import pytest
from revision_2_making import CASES, rebuilt
from segy_making import N_SAMPLES, grid_positions

from napari_hyperseg.errors import ExportError, SurveyError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.segy.export import export_amplitudes
from napari_hyperseg.survey.segy.formats import decode
from napari_hyperseg.survey.segy.layout import read_layout
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore

POSITIONS = grid_positions([2, 4, 6, 8], [5, 8, 11])
SHUFFLED = [POSITIONS[n] for n in np.random.default_rng(2).permutation(12)]
FORMAT = {3224, 3225}  # its bytes, counted from 0
TYPES = {"int8": 8, "float": 5}


def fields(trace):
    return {1: trace, 37: 7, 71: -100, 73: 31 * trace, 109: 8, 181: 99 * trace, 231: trace % 5}


MADE = {
    "plain": {},
    "reversed inlines": {"positions": POSITIONS[::-1]},
    "by crossline": {"positions": sorted(POSITIONS, key=lambda at: at[1])},
    "unsorted": {"positions": SHUFFLED},
    "holes": {"positions": [at for at in POSITIONS if at not in {(4, 8), (2, 5)}]},
    "a position twice": {"positions": [*POSITIONS, (4, 8)]},
    "dead traces": {"fields": lambda n: fields(n) | {29: 2 if n in (0, 7) else 1}},
    "delays": {"fields": lambda n: fields(n) | {109: 8 + 2 * (n % 3)}},
    "other bytes": {"header_bytes": (9, 21), "fields": lambda n: {}},
}


def made(make_segy, case, **changes):
    traces = [np.arange(N_SAMPLES) - 5 + n for n in range(13)]
    given = {"positions": POSITIONS, "fields": fields, "traces": traces, **MADE[case], **changes}
    return make_segy(given.pop("positions"), **given)


@pytest.mark.parametrize("endian", ["big", "little"])
@pytest.mark.parametrize("format_code", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("case", MADE)
def test_the_copy_is_the_file(make_segy, tmp_path, case, format_code, endian):
    path = made(make_segy, case, format_code=format_code, endian=endian)
    export_amplitudes(open_survey(path), tmp_path / "copy.sgy")
    assert (tmp_path / "copy.sgy").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_the_copy_of_revision_2_is_the_file(make_segy, tmp_path, case):
    path = rebuilt(make_segy(POSITIONS), **CASES[case])
    export_amplitudes(open_survey(path), tmp_path / "copy.sgy")
    assert (tmp_path / "copy.sgy").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("samples", TYPES)
@pytest.mark.parametrize("format_code", [1, 3, 5])
@pytest.mark.parametrize("case", MADE)
def test_another_format_changes_nothing_else(make_segy, tmp_path, case, format_code, samples):
    path = made(make_segy, case, format_code=format_code)
    export_amplitudes(open_survey(path), tmp_path / "other.sgy", samples=samples)
    assert_same_but_format(path, tmp_path / "other.sgy", TYPES[samples])


@pytest.mark.parametrize("case", CASES)
def test_another_format_of_revision_2(make_segy, tmp_path, case):
    traces = [np.arange(N_SAMPLES) + n for n in range(12)]
    path = rebuilt(make_segy(POSITIONS, traces=traces), **CASES[case])
    export_amplitudes(open_survey(path), tmp_path / "other.sgy", samples="int8")
    assert_same_but_format(path, tmp_path / "other.sgy", 8)


def assert_same_but_format(path, other, format_code):
    old, new = read_layout(path), read_layout(other)
    assert new.format_code == format_code
    assert (new.n_traces, new.n_samples, new.first_trace) == (
        old.n_traces, old.n_samples, old.first_trace,
    )  # fmt: skip
    before, after = path.read_bytes(), other.read_bytes()
    assert {n for n in range(3200, old.first_trace) if before[n] != after[n]} <= FORMAT
    assert before[old.end :] == after[new.end :]
    a, b = old.map_traces(), new.map_traces()
    assert a["header"].tobytes() == b["header"].tobytes()
    assert np.array_equal(decoded(old, a), decoded(new, b))


def decoded(layout, traces):
    return decode(traces["samples"], layout.format_code, layout.endian)


def test_one_offset_of_gathers_is_written_alone(make_segy, tmp_path):
    places = [at for at in POSITIONS for _ in range(2)]
    path = make_segy(places, fields=lambda n: {37: 100 + 50 * (n % 2)})
    path = rebuilt(path, fields=[(3513, "Q", 24)])
    out = tmp_path / "one.sgy"
    export_amplitudes(open_survey(path, Reading(offset=150)), out)
    before, after = read_layout(path).map_traces(), read_layout(out)
    assert after.map_traces().tobytes() == before[1::2].tobytes()
    assert int.from_bytes(out.read_bytes()[3512:3520], "big") == 12
    stack = open_survey(path, Reading(stack=True))
    export_amplitudes(stack, out)
    assert np.array_equal(open_survey(out).volume[:], stack.volume[:])


def test_what_int8_cannot_hold_is_refused(make_segy, tmp_path):
    survey = open_survey(made(make_segy, "plain", traces=[np.arange(12) + 0.5] * 12))
    with pytest.raises(ExportError, match=r"whole numbers.* from 0.5 to 11.5.*--samples float"):
        export_amplitudes(survey, tmp_path / "other.sgy", samples="int8")
    assert not (tmp_path / "other.sgy").exists()


def test_from_file_to_project_to_converted_volume_and_back(tiny_segy, tmp_path):
    project = Project.create(tmp_path / "tiny.hyperseg", [tiny_segy])
    survey = project.open_survey("tiny")
    store = VolumeStore.of(project.kept("tiny").volume, survey.volume, survey.source)
    convert(survey.volume, store)
    export_amplitudes(project.open_survey("tiny"), tmp_path / "copy.sgy")
    assert (tmp_path / "copy.sgy").read_bytes() == tiny_segy.read_bytes()


def test_files_of_other_readers_are_copied(shared_data, tmp_path, told):
    for path in sorted((shared_data / "segy").iterdir()):
        out = tmp_path / "copy.sgy"
        for survey in surveys_in(path):
            export_amplitudes(survey, out)
            if not survey.source.reading.prestack:
                assert out.read_bytes() == path.read_bytes(), path.name
            export_amplitudes(survey, out, samples="float")
            if not survey.source.reading.prestack:
                assert read_layout(out).format_code == 5
                a, b = read_layout(path).map_traces(), read_layout(out).map_traces()
                assert a["header"].tobytes() == b["header"].tobytes()
            told(path.name, f"exported again, {survey.source.format}")


def surveys_in(path):
    try:
        yield open_survey(path)
    except SurveyError as error:
        if "prestack" in str(error):
            for offset in describe_segy(path).offsets:
                yield open_survey(path, Reading(offset=offset))


def test_penobscot_is_copied(shared_data, tmp_path):
    path = shared_data / "penobscot_west.sgy"
    export_amplitudes(open_survey(path), tmp_path / "copy.sgy")
    assert (tmp_path / "copy.sgy").read_bytes() == path.read_bytes()
