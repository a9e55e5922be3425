"""The manifest is valid, found where napari looks, and names what exists."""

import subprocess
import sys
from pathlib import Path

import npe2
import pytest

import napari_hyperseg

MANIFEST = Path(napari_hyperseg.__file__).with_name("napari.yaml")


@pytest.fixture
def manifest():
    return npe2.PluginManifest.from_file(MANIFEST)


def test_the_manifest_names_what_can_be_imported(manifest):
    manifest.validate_imports()
    assert {command.python_name.split(":")[1] for command in manifest.contributions.commands} == {
        "get_reader",
        "write_image",
        "write_labels",
        "sample_cube",
        "HypersegDock",
    }


def test_napari_finds_the_manifest():
    found = npe2.PluginManifest.from_distribution("napari-hyperseg")
    assert found.name == "napari-hyperseg"
    assert found.display_name == "hyperseg"


def test_both_places_of_the_manifest_are_the_same_file():
    assert (MANIFEST.parents[1] / "napari.yaml").samefile(MANIFEST)


@pytest.mark.slow
def test_npe2_finds_nothing_to_complain_about():
    done = subprocess.run(
        [sys.executable, "-m", "npe2", "validate", "--imports", str(MANIFEST)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["image", "labels"])
@pytest.mark.parametrize("path", ["a.sgy", "a.SGY", "a.segy", "a.zarr", "a.ome.zarr"])
def test_layers_are_written_by_us_where_nobody_else_can(plugins, kind, path):
    writer, written = plugins.get_writer(path, [kind])
    assert (writer.command, written) == (f"napari-hyperseg.write_{kind}", path)


@pytest.mark.parametrize("path", ["a.tif", "a"])
@pytest.mark.parametrize("kind", ["image", "labels"])
def test_other_names_are_left_to_others(plugins, kind, path):
    writer, _ = plugins.get_writer(path, [kind])
    assert writer.command == f"napari.write_{kind}"


@pytest.mark.parametrize(
    "path", ["survey.sgy", "SURVEY.SGY", "survey.segy", "a.zarr", "a.ome.zarr"]
)
def test_seismic_files_are_ours(manifest, path):
    patterns = manifest.contributions.readers[0].filename_patterns
    assert any(Path(path).match(pattern) for pattern in patterns)
