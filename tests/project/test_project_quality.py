"""Held-out figures with names and colours, from top to bottom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.jobs.events import BoundaryScores, ReliabilityScores, Scores
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.quality import (
    NO_SCORES,
    NOT_LAYERED,
    NOT_MEASURED,
    boundary_row,
    calibration_text,
    class_figures,
    confusion_shares,
    held_out_text,
    horizon_names,
    named_boundaries,
    order_text,
    why_no_boundaries,
)

LEGEND = Legend.named(["Sand", "Mud", "Salt"]).moved(3, -2)  # Salt, Sand, Mud
OLD = Scores(pixel_accuracy=0.9, class_accuracy=0.8, mean_iou=0.7, fw_iou=0.8, iou=(0.5, None, 1))
NEW = OLD.model_copy(
    update={
        "confusion": ((6, 0, 2), (0, 0, 0), (0, 1, 3)),
        "reliability": ReliabilityScores(counts=(4,), confidence=(0.5,), accuracy=(0.5,)),
        "calibration_error": 0.125,
        "voxels": 12000,
        "traces": 40,
    }
)
BOUNDARY = BoundaryScores(
    above=3, below=1, traces=40, mae_samples=1.25, mae_ms=5, within_1=0.5, within_3=1, coverage=0.9
)


def test_classes_come_in_the_order_of_the_legend():
    salt, sand, mud = class_figures(NEW, LEGEND)
    assert [salt.name, sand.name, mud.name] == ["Salt", "Sand", "Mud"]
    assert (sand.recall, sand.voxels, sand.iou) == (0.75, 8, 0.5)
    assert (salt.recall, mud.recall, mud.iou) == (0.75, None, None)
    assert salt.color == LEGEND.color_of(3)


def test_a_class_that_the_legend_lost_keeps_its_place():
    names = [one.name for one in class_figures(NEW, Legend.named(["Sand"]))]
    assert names == ["Sand", "Class 2", "Class 3"]


def test_rows_of_the_confusion_are_shares():
    shares = confusion_shares(NEW, LEGEND.codes)
    assert shares[0].tolist() == [0.75, 0, 0.25]  # Salt: as Salt, Sand, Mud
    assert shares[1].tolist() == [0.25, 0.75, 0]
    assert np.isnan(shares[2]).all()
    assert not len(confusion_shares(OLD, LEGEND.codes))


def test_earlier_scores_have_no_more_than_they_have():
    assert [one.recall for one in class_figures(OLD, LEGEND)] == [None] * 3
    assert why_no_boundaries(OLD) == NOT_MEASURED
    assert order_text(OLD) == ""
    assert calibration_text(OLD) == NO_SCORES


def test_why_there_are_no_boundaries():
    assert why_no_boundaries(None) == NO_SCORES
    assert why_no_boundaries(NEW) == NOT_LAYERED
    assert why_no_boundaries(NEW.model_copy(update={"horizons": (BOUNDARY,)})) == ""


def test_boundaries_are_called_as_horizons_or_classes(project: Project):
    scores = NEW.model_copy(update={"horizons": (BOUNDARY,)})
    ((name, one),) = named_boundaries(scores, LEGEND, {})
    assert name == "Salt - Sand"
    assert boundary_row(name, one) == (name, "5.0", "1.25", "50.0%", "100.0%", "40", "90.0%")
    files = {"Top": Path("a"), "Base": Path("b")}
    entry = replace(project.entry(), boundaries=files, boundary_codes=(3, 1, 2))
    assert horizon_names(entry) == {(3, 1): "Top", (1, 2): "Base"}
    assert named_boundaries(scores, LEGEND, horizon_names(entry))[0][0] == "Top"
    assert horizon_names(project.entry()) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (held_out_text(None, 0), NO_SCORES),
        (held_out_text(NEW, 1200), "After step 1,200: 12,000 labelled voxels on 40 traces"),
        (order_text(NEW.model_copy(update={"order_violations": 0.05})), "on 5.0% of 40 held-out"),
        (calibration_text(NEW), "error 0.125"),
    ],
)
def test_words(text: str, said: str):
    assert said in text
