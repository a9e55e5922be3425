"""``hyperseg train``: train a model on a project's labels."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_hyperseg.cli.options import (
    AsJson,
    Certificates,
    Cluster,
    Device,
    DeviceChoice,
    NoTls,
    ProjectFolder,
    cluster_input,
)

if TYPE_CHECKING:
    from napari_hyperseg.jobs.events import JobFinished
    from napari_hyperseg.jobs.spec import ClassShare
    from napari_hyperseg.labels.legend import Legend
    from napari_hyperseg.project.folder import Project

_DEFAULT_MINUTES = 10.0


def train(
    project: ProjectFolder,
    minutes: Annotated[
        float | None,
        typer.Option(
            metavar="M", help=f"Train for so long at most (default: {_DEFAULT_MINUTES:g})."
        ),
    ] = None,
    steps: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Train for so many steps at most.")
    ] = None,
    device: DeviceChoice = Device.auto,
    seed: Annotated[
        int, typer.Option(metavar="S", min=0, help="Same seed, same start and sampling.")
    ] = 0,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="Continue this model, by ID or name, instead of a new one."
        ),
    ] = None,
    begin_with: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL|FILE",
            help="Begin the new model with the weights of another one, or of an exported file.",
            show_default=False,
        ),
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            metavar="MODE",
            help="reversible, exact, checkpoint(N) or store: what is kept of the forward pass "
            "(default: the fastest that fits into memory).",
        ),
    ] = None,
    prior: Annotated[
        bool,
        typer.Option(
            "--prior/--no-prior",
            help="Start from tracked boundaries where classes are layered, or from nothing.",
        ),
    ] = True,
    smooth: Annotated[
        float,
        typer.Option(
            metavar="W",
            help="What changes from trace to trace cost, along reflectors and not across faults; "
            "0.1 to 1 are usual.",
        ),
    ] = 0.0,
    share: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CLASS=MIN-MAX",
            help="Share of the volume that a class should have, in percent; repeated.",
            show_default=False,
        ),
    ] = None,
    cluster: Cluster = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Workers of the cluster that train together, a block of each batch each "
            "(default: all GPUs of one machine, or one worker).",
            show_default=False,
        ),
    ] = None,
    slabs: Annotated[
        bool,
        typer.Option(
            "--slabs",
            help="Let those that train together share each block, a slab each: for blocks that "
            "are too large for one GPU.",
        ),
    ] = False,
    certificates: Certificates = None,
    no_tls: NoTls = False,
    as_json: AsJson = False,
) -> None:
    """Train a model on the project's labels; Ctrl-C stops and keeps the weights."""
    from napari_hyperseg.jobs.spec import MODE
    from napari_hyperseg.jobs.torchrun import only_helps, started_by_torchrun
    from napari_hyperseg.project.folder import Project

    if cluster is not None and started_by_torchrun():
        raise typer.BadParameter("--cluster has workers of its own: leave torchrun out.")
    if workers is not None and cluster is None:
        raise typer.BadParameter("--workers are those of a --cluster; here, torchrun starts some.")
    if slabs and cluster is None and not started_by_torchrun():
        raise typer.BadParameter("--slabs are those of several: of a --cluster, or of torchrun.")
    if only_helps():
        from napari_hyperseg.cli.running import help_here

        help_here()
        return
    place = cluster_input(cluster, certificates, no_tls, workers)
    if minutes is not None and not minutes > 0:
        raise typer.BadParameter("--minutes must be more than 0.")
    if model is not None and begin_with is not None:
        raise typer.BadParameter("--model goes on with a model, --from begins a new one.")
    if not 0 <= smooth < math.inf:
        raise typer.BadParameter("--smooth must be 0 or more.")
    if mode is not None and not re.fullmatch(MODE, mode):
        raise typer.BadParameter(
            f"--mode {mode}: choose reversible, exact, checkpoint(N) or store."
        )
    if minutes is None and steps is None:
        minutes = _DEFAULT_MINUTES
    opened = Project.open(project)
    _make_classes(opened)
    spec = opened.training_job(
        model,
        minutes=minutes,
        steps=steps,
        device=device.value,
        seed=seed,
        mode=mode,
        prior=prior,
        smoothness=smooth,
        shares=tuple(_share(said, opened.legend) for said in share or ()),
        begin_with=begin_with,
        slabs=slabs,
        cluster=place,
    )

    from napari_hyperseg.cli.progress import JobProgress
    from napari_hyperseg.cli.running import run_here

    with JobProgress("Training") as progress:
        ran_on, finished = run_here(spec, progress)
    _print(spec.model, ran_on, finished, as_json)


def _share(said: str, legend: Legend) -> ClassShare:
    """Read ``CLASS=MIN-MAX``, in percent; the class by its name or code."""
    from napari_hyperseg.jobs.spec import ClassShare

    found = re.fullmatch(r"(.+)=(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)%?", said)
    if found is None or not float(found[2]) <= float(found[3]) <= 100:
        raise typer.BadParameter(f"--share {said}: write CLASS=MIN-MAX, in percent: Salt=5-20.")
    codes = {one.name: one.code for one in legend.classes}
    codes |= {str(code): code for code in legend.codes if str(code) not in codes}
    if found[1] not in codes:
        raise typer.BadParameter(
            f"--share {said}: there is no class {found[1]!r}, but {', '.join(legend.names)}."
        )
    least, most = float(found[2]) / 100, float(found[3]) / 100
    return ClassShare(code=codes[found[1]], least=least, most=most)


def _make_classes(project: Project) -> None:
    """Give the project the classes that picked horizons part, where nothing else says them."""
    from napari_hyperseg.cli.output import remark
    from napari_hyperseg.project.claim import claimed
    from napari_hyperseg.project.training_horizons import legend_of_intervals, parting_horizons

    parting = parting_horizons(project)
    legend = legend_of_intervals(project.legend, parting)
    if legend != project.legend:
        with claimed(project.folder, "hyperseg train"):
            project.legend = legend
            project.save()
        remark(f"Picked horizons part the classes: {', '.join(legend.names)}.")


def _print(model: Path, device: str, finished: JobFinished, as_json: bool) -> None:
    from napari_hyperseg.cli.output import figure, print_json

    scores, tracked = finished.scores, finished.tracked
    if as_json:
        print_json(
            {
                "model": model.name,
                "steps": finished.steps,
                "seconds": finished.elapsed_s,
                "device": device,
                "validation": scores.model_dump() if scores is not None else None,
                "tracked": tracked.model_dump() if tracked is not None else None,
                "balance": finished.balance,
            }
        )
        return
    ended = "stopped after" if finished.reason == "stopped" else "trained for"
    print(f"Model {model.name}: {ended} {finished.steps} steps, {finished.elapsed_s:.0f} s.")
    if scores is not None:
        accuracy, mean_iou = figure(scores.pixel_accuracy), figure(scores.mean_iou)
        print(f"On held-out labels: pixel accuracy {accuracy}, mean IoU {mean_iou}.")
    if tracked is not None:
        accuracy, mean_iou = figure(tracked.pixel_accuracy), figure(tracked.mean_iou)
        print(f"Tracking alone: pixel accuracy {accuracy}, mean IoU {mean_iou}.")
    if finished.balance is not None:
        print(f"The network counts {finished.balance:.0%}, tracking {1 - finished.balance:.0%}.")
