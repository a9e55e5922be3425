"""``hyperseg report``: a page that is whole, harmless and needs nothing else."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from napari_hyperseg.jobs.events import (
    BoundaryScores,
    JobStarted,
    ReliabilityScores,
    Scores,
    StepFinished,
    ValidationFinished,
)
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.sample import SampleFiles

MODEL = "20260101-120000"  # the predicted project's
EVIL = "<b>$x^</b> & \"q\" 'q'"
BINS = (0,) * 8 + (1, 9)
MEANS = (None,) * 8 + (0.85, 0.97)
SCORES = Scores(
    pixel_accuracy=0.9, class_accuracy=0.8, mean_iou=0.7, fw_iou=0.8,
    iou=(0.9, 0.8, 0.7, 0.6, 0.5, 1), voxels=1234, traces=31,
    confusion=tuple(tuple(10 * (i == j) + (j == 0) for j in range(6)) for i in range(6)),
    reliability=ReliabilityScores(counts=BINS, confidence=MEANS, accuracy=MEANS),
    calibration_error=0.037, order_violations=0.25,
    horizons=(
        BoundaryScores(above=1, below=2, traces=31, mae_samples=1.5, mae_ms=6.25, within_1=0.5,
                       within_3=0.75, coverage=1),
        BoundaryScores(above=2, below=3, traces=31, mae_samples=None, mae_ms=None, within_1=None,
                       within_3=None, coverage=0),
    ),
)  # fmt: skip


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def trained(predicted: Path) -> Path:
    """The predicted project, with a class of an evil name, labels, and a training's record."""
    project = Project.open(predicted)
    project.legend = project.legend.grown_to(6).renamed(2, EVIL)
    project.save()
    project.labels("cube").codes[4, :, :20] = 2
    folder = project.model_folder(MODEL)
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").touch()
    step = StepFinished(step=9, loss=0.5, accuracy=1, voxels_per_second=1, elapsed_s=65)
    scored = ValidationFinished(step=9, elapsed_s=70, scores=SCORES, tracked=SCORES)
    events = (JobStarted(kind="train", device="cuda:0", parameters=1), step, scored)
    lines = "".join(event.model_dump_json() + "\n" for event in events)
    (folder / "metrics.jsonl").write_text(lines, "utf-8")
    return predicted


@pytest.mark.slow
def test_the_page_tells_everything_and_needs_nothing(run, trained: Path, cube: SampleFiles):
    done = run("report", trained, "--facies", cube.facies)
    assert (done.status, done.stderr) == (0, "")
    path = trained / "report.html"
    assert str(path) in done.stdout
    page = Page(path)
    for said in (
        "1001 - 1012 (12)", "cuda:0", "1 min 10 s", "9", MODEL, "1,234", "0.037", "6.2", "25.0%",
        "Inline 1005: carries labels", "not a labelled line", "176 traces", "100.0%",
        "Tracking alone",
    ):  # fmt: skip
        assert said in page.text, said
    assert not {"script", "b", "link", "iframe", "object"} & set(page.tags)
    assert EVIL in page.text
    sources = [value for name, value in page.attributes if name in ("src", "href")]
    assert len(sources) == 2 + 6 + 5  # curves, sections (one is labelled), maps
    assert all(source.startswith("data:image/") for source in sources)
    assert not re.search(r"https?://", page.text)
    assert not any(name.startswith("on") for name, _ in page.attributes)


@pytest.mark.slow
def test_every_picture_can_be_drawn(run, trained: Path, tmp_path: Path):
    run("report", trained, "--out", tmp_path / "r.html")
    html = (tmp_path / "r.html").read_text("utf-8")
    kinds = re.findall(r"data:image/(png|svg\+xml);base64,([A-Za-z0-9+/=]+)", html)
    for kind, data in kinds:
        raw = base64.b64decode(data)
        assert raw.startswith(b"\x89PNG" if kind == "png" else b"<?xml")
        assert b"<script" not in raw
    assert not (trained / "report.html").exists()
    assert [file.name for file in tmp_path.glob("*.html")] == ["r.html"]


@pytest.mark.slow
def test_classes_that_are_not_layered_have_no_maps(run, trained: Path):
    mixed = SCORES.model_copy(update={"horizons": (), "order_violations": None})
    scored = ValidationFinished(step=9, elapsed_s=70, scores=mixed)
    metrics = Project.open(trained).model_folder(MODEL) / "metrics.jsonl"
    metrics.write_text(scored.model_dump_json() + "\n", "utf-8")
    assert run("report", trained).status == 0
    page = Page(trained / "report.html")
    assert page.text.count("do not lie one below the other") == 2
    assert "where it is" not in page.text
    assert "left no record of its steps" in page.text


@pytest.mark.slow
def test_a_model_without_figures_is_still_reported(run, trained: Path):
    (Project.open(trained).model_folder(MODEL) / "metrics.jsonl").unlink()
    assert run("report", trained).status == 0
    page = Page(trained / "report.html")
    assert "There are no held-out figures yet" in page.text
    assert "Class 3 - Class 4" in page.text


def test_a_project_without_a_model_is_one_line(run, project: Path):
    done = run("report", project)
    assert done.status == 2
    assert "no trained model" in done.stderr
    assert not (project / "report.html").exists()


def test_a_model_without_a_prediction_is_one_line(run, project: Path):
    folder = Project.open(project).model_folder(MODEL)
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").touch()
    done = run("report", project)
    assert done.status == 2
    assert "Run 'hyperseg predict' first" in done.stderr


def test_where_it_cannot_be_written_is_said_first(run, trained: Path, tmp_path: Path):
    assert "is a folder" in run("report", trained, "--out", tmp_path).stderr
    done = run("report", trained, "--out", tmp_path / "absent" / "r.html")
    assert (done.status, "there is no folder" in done.stderr) == (2, True)


def test_a_truth_that_cannot_be_read_leaves_the_former_page(run, trained: Path):
    (trained / "report.html").write_text("former")
    done = run("report", trained, "--facies", trained / "absent.npy")
    assert done.status == 2
    assert (trained / "report.html").read_text() == "former"
    assert not list(trained.glob(".report*"))


@pytest.mark.slow
@pytest.mark.parametrize("layer", ["cli.app", "qt.dock", "project.report.facts"])
def test_only_a_report_loads_what_draws_it(layer: str):
    script = (
        f"import sys, napari_hyperseg.{layer}\nprint({{'matplotlib', 'torch'}} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"
