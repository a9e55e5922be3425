"""``hyperseg predict``: predict surveys with a trained model."""

from __future__ import annotations

from typing import Annotated

import typer

from napari_hyperseg.cli.options import (
    AsJson,
    Certificates,
    Cluster,
    Device,
    DeviceChoice,
    ModelId,
    NoTls,
    ProjectFolder,
    SurveyKey,
    cluster_input,
)


def predict(
    project: ProjectFolder,
    survey: SurveyKey = None,
    model: ModelId = None,
    device: DeviceChoice = Device.auto,
    probabilities: Annotated[
        bool,
        typer.Option(
            "--probabilities/--no-probabilities",
            help="Store how likely each sample lies below each boundary, for export.",
        ),
    ] = True,
    cluster: Cluster = None,
    certificates: Certificates = None,
    no_tls: NoTls = False,
    as_json: AsJson = False,
) -> None:
    """Predict facies and confidence of every sample; without --survey, of every survey.

    Ctrl-C stops and keeps what is predicted.
    """
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.label_age import age_warning

    place = cluster_input(cluster, certificates, no_tls)
    opened = Project.open(project)
    spec = opened.prediction_job(
        model, survey, device=device.value, probabilities=probabilities, cluster=place
    )

    from napari_hyperseg.cli.output import print_json, warn
    from napari_hyperseg.cli.progress import JobProgress
    from napari_hyperseg.cli.running import run_here

    with JobProgress("Predicting") as progress:
        _, finished = run_here(spec, progress)
    for one in spec.surveys:
        warn(age_warning(opened, one.key, spec.model.name))
    stores = [one.prediction for one in spec.surveys if one.prediction is not None]
    where = stores[0] if len(stores) == 1 else stores[0].parent
    if as_json:
        print_json({"prediction": where, "voxels": finished.voxels, "seconds": finished.elapsed_s})
        return
    ended = "Stopped after" if finished.reason == "stopped" else "Predicted"
    print(f"{ended} {finished.voxels} voxels in {finished.elapsed_s:.0f} s.")
    print(f"Prediction {where}.")
