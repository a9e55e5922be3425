"""``hyperseg models``: the trained models of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_hyperseg.cli.options import AsJson, ProjectFolder

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.model_list import ModelFacts


def models(
    project: ProjectFolder,
    rename: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL=NAME",
            help="Give a model a name; --model takes it as well. MODEL= takes it away.",
            show_default=False,
        ),
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL=FILE",
            help="Write a model into one file: weights, settings, name, classes.",
            show_default=False,
        ),
    ] = None,
    import_: Annotated[
        str | None,
        typer.Option(
            "--import",
            metavar="FILE[=NAME]",
            help="Take the model of such a file into the project, if all of it can be used.",
            show_default=False,
        ),
    ] = None,
    delete: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="Remove a model and its predictions.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the models of a project, newest last; name, hand on or remove one.

    MODEL is an ID or a name.
    """
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.model_list import model_facts

    if [rename, export, import_, delete].count(None) < 3:
        raise typer.BadParameter("Give one of --rename, --export, --import and --delete.")
    renamed = _pair("--rename", rename)
    exported = _pair("--export", export)
    opened = Project.open(project)
    if exported is not None:
        _export(opened, *exported)
    elif (rename, import_, delete) != (None, None, None):
        _change(opened, renamed, import_, delete)
    _print(model_facts(opened), as_json)


def _pair(option: str, said: str | None) -> tuple[str, str] | None:
    if said is None:
        return None
    left, separator, right = said.partition("=")
    if not (left and separator) or (option == "--export" and not right):
        end = "FILE" if option == "--export" else "NAME"
        raise typer.BadParameter(f"{option} {said}: write MODEL={end}.")
    return left, right


def _export(project: Project, model: str, file: str) -> None:
    from napari_hyperseg.cli.output import remark
    from napari_hyperseg.project.model_files import export_model

    remark(f"Written: {export_model(project, model, Path(file))}")


def _change(
    project: Project, renamed: tuple[str, str] | None, coming: str | None, going: str | None
) -> None:
    from napari_hyperseg.cli.output import remark
    from napari_hyperseg.project.claim import claimed
    from napari_hyperseg.project.model_files import delete_model, import_model
    from napari_hyperseg.project.model_names import rename

    with claimed(project.folder, "hyperseg models"):
        if renamed is not None:
            model = project.find_model(renamed[0])
            rename(project.models_folder, model, renamed[1], project.model_ids())
        elif coming is not None:
            remark(f"Model {import_model(project, *_coming(coming))} is here, the newest now.")
        elif going is not None:
            remark(f"Model {delete_model(project, going)} is removed, and its predictions.")


def _coming(said: str) -> tuple[Path, str | None]:
    """File and name; a file's own name may have a sign of equality."""
    file, separator, name = said.rpartition("=")
    if not separator or Path(said).expanduser().exists():
        return Path(said), None
    return Path(file), name or None


def _print(facts: list[ModelFacts], as_json: bool) -> None:
    from napari_hyperseg.cli.output import print_columns, print_json

    if as_json:
        print_json({"models": [_facts(one) for one in facts]})
        return
    if not facts:
        print("The project has no trained model yet. Run 'hyperseg train' first.")
        return
    header = ("model", "name", "classes", "steps", "saved", "accuracy", "mean IoU", "predicted", "")
    print_columns(header, map(_row, facts))


def _row(one: ModelFacts) -> tuple[str, ...]:
    from napari_hyperseg.cli.output import figure

    return (
        one.model,
        one.name or "-",
        str(one.n_classes),
        str(one.steps),
        f"{one.saved:%Y-%m-%d %H:%M}",
        figure(one.accuracy),
        figure(one.mean_iou),
        ", ".join(one.surveys) or "-",
        ", ".join(_remarks(one)),
    )


def _remarks(one: ModelFacts) -> list[str]:
    marks = (("newest", one.newest), ("in training", one.in_training))
    said = [word for word, true in marks if true]
    return [*said, f"from {one.origin}"] if one.origin else said


def _facts(one: ModelFacts) -> dict[str, Any]:
    return {
        "model": one.model,
        "name": one.name or None,
        "origin": one.origin or None,
        "classes": one.n_classes,
        "steps": one.steps,
        "saved": one.saved.isoformat(timespec="seconds"),
        "pixel_accuracy": one.accuracy,
        "mean_iou": one.mean_iou,
        "surveys": list(one.surveys),
        "newest": one.newest,
        "in_training": one.in_training,
    }
