"""The rules between the layers, and between the files that say how to set the project up."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import napari_hyperseg

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WINDOW_LAYERS = ("project", "viewer", "qt")


def run_python(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("layer", WINDOW_LAYERS)
def test_no_module_of_the_window_imports_torch(layer: str):
    folder = Path(napari_hyperseg.__file__).parent / layer
    modules = [f"napari_hyperseg.{layer}.{m.name}" for m in pkgutil.iter_modules([str(folder)])]
    assert modules
    done = run_python(
        f"import sys, {', '.join(modules)}\nprint(*{{'torch', 'safetensors'}} & set(sys.modules))"
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_every_dependency_has_a_tested_version():
    pinned = {
        canonicalize_name(pin.name): pin.specifier
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
        for pin in [Requirement(line)]
    }
    extras = PROJECT["optional-dependencies"]
    extra = [name for key in ("qt", "test", "bench", "cluster") for name in extras[key]]
    wanted = [*PROJECT["dependencies"], *extra]
    for requirement in map(Requirement, wanted):
        pin = pinned[canonicalize_name(requirement.name)]
        (version,) = (one.version for one in pin)
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.specifier.contains(version), requirement.name


@pytest.mark.parametrize("text", ["README.md", "CONTRIBUTING.md"])
def test_the_texts_name_targets_that_there_are(text: str):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = {t for line in re.findall(r"^([a-z ]+):", makefile, re.M) for t in line.split()}
    named = re.findall(r"`?\bmake ([a-z]+)", _code((ROOT / text).read_text("utf-8")))
    assert named
    assert set(named) <= targets


@pytest.mark.parametrize("text", ["README.md", "docs/guide.md", "sample_data/README.md"])
def test_the_texts_name_commands_that_there_are(text: str):
    from napari_hyperseg.cli.app import app

    commands = {command.name for command in app.registered_commands}
    named = re.findall(r"(?<![.\w-])hyperseg ([a-z]+)", _code((ROOT / text).read_text("utf-8")))
    assert named
    assert set(named) <= commands


def _code(text: str) -> str:
    """Return what is set as code: indented lines and spans."""
    return "\n".join(re.findall(r"^ {4,}\S.*$|`[^`\n]+`", text, re.M))
