"""A trainer without a network: fills the prediction with class 2 and obeys commands.

Run as ``python scripted_trainer.py``; speaks the worker's protocol.
"""

import sys
from pathlib import Path

import zarr

from napari_hyperseg.jobs.commands import StopJob, parse_command
from napari_hyperseg.jobs.events import (
    BlockPredicted,
    CheckpointSaved,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    LabelsRead,
    Scores,
    StepFinished,
    ValidationFinished,
)
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.survey.segy.opening import open_survey


def emit(event):
    sys.stdout.write(event.model_dump_json() + "\n")
    sys.stdout.flush()


def prepare(survey, n_classes):
    """Make an empty prediction store, as the worker does before it says that it started."""
    shape = open_survey(survey.segy).geometry.shape
    group = zarr.open_group(survey.prediction, mode="w")
    for name in ("facies", "confidence"):
        group.create_array(name, shape=shape, chunks=shape, dtype="uint8")
    group.attrs["n_classes"] = n_classes
    return group, tuple((0, extent) for extent in shape)


def train(survey, group, box):
    emit(
        StepFinished(
            step=1, loss=1.0, accuracy=0.5, voxels_per_second=2e6, elapsed_s=1.0, fraction=0.5
        )
    )
    scores = Scores(pixel_accuracy=0.9, class_accuracy=0.8, mean_iou=0.7, fw_iou=0.8)
    emit(ValidationFinished(step=1, elapsed_s=1.0, scores=scores))
    group["facies"][...] = 2
    emit(BlockPredicted(survey=survey.key, box=box, step=1, done=10, total=10))


def obey(spec):
    for line in sys.stdin:
        command = parse_command(line)
        if isinstance(command, StopJob):
            return
        answer = ANSWERS.get(command.command)
        if answer is not None:
            emit(answer(command))


ANSWERS = {
    "pause": lambda command: JobPaused(),
    "resume": lambda command: JobResumed(),
    "labels_changed": lambda command: LabelsRead(survey=command.survey, labelled_voxels=1),
}


def main():
    spec = JobSpec.model_validate_json(sys.stdin.readline())
    survey = spec.surveys[0]
    group, box = prepare(survey, spec.n_classes)
    emit(JobStarted(kind=spec.kind, device="cpu", parameters=1))
    train(survey, group, box)
    (Path(spec.model) / "weights.safetensors").write_bytes(b"")
    emit(CheckpointSaved(step=1))
    obey(spec)
    emit(JobFinished(reason="stopped", steps=1))


if __name__ == "__main__":
    main()
