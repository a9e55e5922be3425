"""How a prediction stands to the labels: which of its boxes are older than what is labelled now.

A box is out of date if what leads from the labels that it rests on to the present ones changes
labels or picks; undoing that makes it current again.  Owns which edits those are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from napari_hyperseg.labels.editing.history import History
from napari_hyperseg.labels.editing.tree import RevisionTree
from napari_hyperseg.learn.boxes import size
from napari_hyperseg.learn.origins import Origins, read_origins
from napari_hyperseg.project.interpretation import FACIES
from napari_hyperseg.project.picks import picked_stems
from napari_hyperseg.project.predictions import Prediction, open_prediction
from napari_hyperseg.survey.geometry import Box

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project


def label_revisions(project: Project, key: str) -> RevisionTree:
    """Read the revisions of a survey's labels, as they are on the disk.

    Raises
    ------
    LabelError
        If the journal cannot be read.
    """
    return History(project.journal_path(key)).tree


def is_out_of_date(revisions: RevisionTree, basis: int | None) -> bool:
    """Whether labels changed since a revision.

    Parameters
    ----------
    revisions : RevisionTree
        Of the survey's labels.
    basis : int or None
        Revision of the labels that a prediction rests on; None: on none, so it cannot age.
    """
    if basis is None:
        return False
    way = revisions.path(basis, revisions.position)
    if way is None:  # no longer kept; or told by another process, which goes on labelling
        return basis < revisions.next_number
    passed = (revisions.get(number) for number, _ in way)
    targets = {target for one in passed for target, _ in one.boxes}
    return FACIES in targets or bool(picked_stems(targets))


def outdated_boxes(origins: Origins, revisions: RevisionTree) -> Iterator[Box]:
    """Yield the boxes that are out of date."""
    known: dict[int | None, bool] = {}
    for box, origin in origins:
        basis = origin.revision
        if basis not in known:
            known[basis] = is_out_of_date(revisions, basis)
        if known[basis]:
            yield box


def outdated_share(origins: Origins, revisions: RevisionTree) -> float:
    """Return the share of what is predicted that is out of date, 0 to 1."""
    predicted = sum(size(box) for box, _ in origins)
    return sum(map(size, outdated_boxes(origins, revisions))) / predicted if predicted else 0.0


def share_text(share: float) -> str:
    """Return a share as people say it: "40%", "all"; never nothing, and all only if it is."""
    return "all" if share >= 1 else f"{min(max(share, 0.01), 0.99):.0%}"


def age_warning(project: Project, key: str, model: str | None = None) -> str:
    """Say that a survey's prediction is older than its labels; empty where nothing of it is.

    Parameters
    ----------
    project : Project
    key : str
        The survey.
    model : str, optional
        Whose prediction; by default the newest.

    Raises
    ------
    ProjectError
        If there is none.
    LabelError
        If the labels' journal cannot be read.
    """
    share = out_of_date(project, key, open_prediction(project, key, model))
    if not share:
        return ""
    return (
        f"{share_text(share)} of the prediction of {key} is older than its labels: "
        "run 'hyperseg train', then 'hyperseg predict', for one that knows them."
    )


def out_of_date(project: Project, key: str, prediction: Prediction) -> float:
    """Return the share of a prediction that is older than the labels are now.

    Raises
    ------
    LabelError
        If the labels' journal cannot be read.
    """
    origins = read_origins(prediction.path, project.entry(key).shape)
    return outdated_share(origins, label_revisions(project, key))
