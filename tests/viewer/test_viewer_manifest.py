"""The manifest is valid, found where napari looks, and names what exists."""

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
        "sample_cube",
        "HypersegDock",
    }


def test_napari_finds_the_manifest():
    found = npe2.PluginManifest.from_distribution("napari-hyperseg")
    assert found.name == "napari-hyperseg"
    assert found.display_name == "hyperseg"


def test_both_places_of_the_manifest_are_the_same_file():
    assert (MANIFEST.parents[1] / "napari.yaml").samefile(MANIFEST)


@pytest.mark.parametrize("path", ["survey.sgy", "SURVEY.SGY", "survey.segy"])
def test_seismic_files_are_ours(manifest, path):
    patterns = manifest.contributions.readers[0].filename_patterns
    assert any(Path(path).match(pattern) for pattern in patterns)
