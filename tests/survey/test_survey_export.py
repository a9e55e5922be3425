"""Exported volumes read back, under the source's own headers."""

import numpy as np
import pytest
import segyio
import zarr
from segy_making import grid_positions

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.segy import export_samples
from napari_hyperseg.survey.segy.export import export_segy
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.text import read_text

POSITIONS = grid_positions([2, 4, 6, 8], [5, 8, 11])
HISTORY = "napari-hyperseg: facies of model 3"


def codes(shape, highest=6):
    return np.random.default_rng(1).integers(0, highest + 1, shape).astype(np.uint8)


def headers(path, endian):
    with segyio.open(path, ignore_geometry=True, endian=endian) as file:
        return [bytes(header.buf) for header in file.header[:]]


def fields(trace):
    """Something in many fields, known and unknown ones."""
    return {1: trace, 37: 7, 71: -100, 73: 31 * trace, 109: 8, 181: 99 * trace, 231: trace % 5}


@pytest.mark.parametrize("endian", ["big", "little"])
@pytest.mark.parametrize("order", ["inline-sorted", "crossline-sorted", "shuffled", "holes"])
@pytest.mark.parametrize("format_code", [1, 3, 5, 8])
def test_headers_and_samples_round_trip(make_segy, tmp_path, order, format_code, endian):
    positions = {
        "inline-sorted": POSITIONS,
        "crossline-sorted": sorted(POSITIONS, key=lambda at: at[1]),
        "shuffled": [POSITIONS[n] for n in np.random.default_rng(2).permutation(12)],
        "holes": [at for at in POSITIONS if at not in {(4, 8), (2, 5)}],
    }[order]
    traces = [np.arange(12)] * len(positions)
    source = make_segy(
        positions, traces=traces, format_code=format_code, endian=endian, fields=fields
    )
    survey, out = open_survey(source), tmp_path / "out.sgy"
    for volume in (codes(survey.geometry.shape), survey.load() * 0.37 - 2.0):
        export_segy(survey, volume, out, history=HISTORY)
        again = open_survey(out)
        assert headers(out, endian) == headers(source, endian)
        assert again.source.format_code == (8 if volume.dtype == np.uint8 else 5)
        live = survey.geometry.live_mask[..., None]
        assert np.array_equal(again.volume[:], np.where(live, volume, 0))


def test_only_format_and_history_change_in_the_file_headers(survey, tmp_path):
    out = tmp_path / "out.sgy"
    export_segy(survey, codes(survey.geometry.shape), out, history=HISTORY)
    before = np.frombuffer(survey.source.path.read_bytes()[:3600], np.uint8)
    after = np.frombuffer(out.read_bytes()[:3600], np.uint8)
    changed = np.flatnonzero(before != after)
    assert set(changed[changed >= 3200]) == {3225}
    assert read_text(after[:3200].tobytes())[1].rstrip() == f"C 2 {HISTORY}"
    assert set(changed[changed < 3200]) <= set(range(80, 160))


def test_dead_and_duplicate_traces_stay_in_their_places(make_segy, tmp_path):
    path = make_segy([*POSITIONS, (4, 8)], fields=lambda n: {29: 2 if n == 7 else 1})
    survey, out = open_survey(path), tmp_path / "out.sgy"
    volume = codes(survey.geometry.shape) + 1
    export_segy(survey, volume, out, history=HISTORY)
    with segyio.open(out, ignore_geometry=True) as file:
        assert not file.trace[7].any()
        assert np.array_equal(file.trace[4], volume[1, 1])
        assert np.array_equal(file.trace[12], volume[1, 1])
    assert headers(out, "big") == headers(path, "big")


def test_codes_beyond_int8_become_floats(survey, tmp_path):
    volume = codes(survey.geometry.shape, highest=200)
    export_segy(survey, volume, tmp_path / "out.sgy", history=HISTORY)
    again = open_survey(tmp_path / "out.sgy")
    assert again.source.format_code == 5
    assert np.array_equal(again.volume[:], volume)


def test_many_small_blocks_give_the_same_file(survey, tmp_path, monkeypatch):
    volume = survey.load()
    export_segy(survey, volume, tmp_path / "one.sgy", history=HISTORY)
    monkeypatch.setattr(export_samples, "BLOCK_BYTES", 640)
    monkeypatch.setattr(export_samples, "BLOCK_LINES", 2)
    export_segy(survey, volume, tmp_path / "many.sgy", history=HISTORY)
    assert (tmp_path / "one.sgy").read_bytes() == (tmp_path / "many.sgy").read_bytes()


def test_zarr_and_lazy_volumes_are_exported(survey, tmp_path):
    stored = zarr.create_array(store={}, shape=survey.geometry.shape, chunks=(4, 4, 8), dtype="u1")
    stored[:] = codes(survey.geometry.shape)
    export_segy(survey, stored, tmp_path / "zarr.sgy", history=HISTORY)
    assert np.array_equal(open_survey(tmp_path / "zarr.sgy").volume[:], stored[:])
    export_segy(survey, survey.volume, tmp_path / "lazy.sgy", history=HISTORY)
    assert np.array_equal(open_survey(tmp_path / "lazy.sgy").volume[:], survey.volume[:])


def test_a_failed_export_leaves_what_was_there(survey, tmp_path):
    class Broken:
        shape, dtype = survey.geometry.shape, np.dtype(np.float32)

        def __getitem__(self, key):
            raise OSError(5, "Input/output error")

    (tmp_path / "out.sgy").write_text("precious")
    with pytest.raises(ExportError, match=r"cannot be written: Input/output error"):
        export_segy(survey, Broken(), tmp_path / "out.sgy", history=HISTORY)
    assert (tmp_path / "out.sgy").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.sgy", "tiny.sgy"]


def test_what_does_not_fit_is_refused(survey, tmp_path):
    volume = survey.load()
    with pytest.raises(ExportError, match="The volume has shape"):
        export_segy(survey, volume[1:], tmp_path / "out.sgy", history=HISTORY)
    with pytest.raises(ExportError, match="is the survey itself"):
        export_segy(survey, volume, survey.source.path, history=HISTORY)
    with pytest.raises(ExportError, match="cannot be written: No such file"):
        export_segy(survey, volume, tmp_path / "no" / "out.sgy", history=HISTORY)
    with survey.source.path.open("rb+") as file:
        file.write(b"another text")
    with pytest.raises(ExportError, match="changed since it was opened"):
        export_segy(survey, volume, tmp_path / "out.sgy", history=HISTORY)
