"""A file that does not read as it was written never takes its name."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.export import arrays
from napari_hyperseg.survey.export.content import Content
from napari_hyperseg.survey.export.exporting import export_volume
from napari_hyperseg.survey.segy import export

FACIES = Content("facies", "tiny facies", "Facies codes")
AMPLITUDE = Content("amplitude", "tiny", "Amplitudes")
NAMES = ["out.sgy", "out.zarr", "out.ome.zarr"]


def write(survey, path, content=FACIES, **given):
    codes = np.random.default_rng(0).integers(1, 6, survey.geometry.shape).astype(np.uint8)
    volume = codes if content is FACIES else survey.volume
    export_volume(survey, volume, path, content, **given)


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("at", [3600 + 5, 3600 + 240 + 2, -1, 3220, 3225])
def test_a_disk_that_forgets_a_byte_is_noticed_in_segy(survey, tmp_path, monkeypatch, at):
    check = export.check_written

    def spoilt(source, target, *others):
        with target.path.open("rb+") as file:
            file.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte ^ 1]))
        check(source, target, *others)

    monkeypatch.setattr(export, "check_written", spoilt)
    for content in (FACIES, AMPLITUDE):
        with pytest.raises(ExportError, match="was not written: it reads as"):
            write(survey, tmp_path / "out.sgy", content)
    assert left_in(tmp_path) == ["tiny.sgy"]


@pytest.mark.parametrize("name", ["out.zarr", "out.ome.zarr"])
def test_a_disk_that_forgets_a_chunk_is_noticed_in_zarr(survey, tmp_path, monkeypatch, name):
    read_back = arrays._read_back

    def spoilt(folder, *others):
        next(path for path in (folder / "c").rglob("*") if path.is_file()).unlink()
        return read_back(folder, *others)

    monkeypatch.setattr(arrays, "_read_back", spoilt)
    with pytest.raises(ExportError, match="do not read as they were written"):
        write(survey, tmp_path / name)
    assert left_in(tmp_path) == ["tiny.sgy"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("after", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("former", [False, True], ids=["new", "replaced"])
def test_an_interrupted_export_leaves_what_was_there(survey, tmp_path, name, after, former):
    if former:
        write(survey, tmp_path / name)
    before = contents_of(tmp_path)

    def interrupt(share):
        if share >= after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(survey, tmp_path / name, AMPLITUDE, samples="float", told=interrupt)
    assert contents_of(tmp_path) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_finished_export_replaces_the_former(survey, tmp_path, name):
    write(survey, tmp_path / name)
    before = contents_of(tmp_path)
    write(survey, tmp_path / name, AMPLITUDE)
    assert contents_of(tmp_path) != before
    assert left_in(tmp_path) == sorted([name, "tiny.sgy"])


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are Unix's")
@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_is_one_line_and_leaves_nothing(survey, tmp_path, name):
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from napari_hyperseg.errors import ExportError\n"
        "from napari_hyperseg.survey.export.content import Content\n"
        "from napari_hyperseg.survey.export.exporting import export_volume\n"
        "from napari_hyperseg.survey.segy.opening import open_survey\n"
        "survey = open_survey(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
        "content = Content('amplitude', 'a', 'b')\n"
        "try: export_volume(survey, survey.volume, Path(sys.argv[2]), content)\n"
        "except ExportError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, survey.source.path, tmp_path / name],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    reason = os.strerror(errno.EFBIG)
    assert done.stdout == f"{tmp_path / name} cannot be written: {reason}.\n", done.stderr
    assert left_in(tmp_path) == ["tiny.sgy"]


def contents_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
