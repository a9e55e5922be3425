"""What a job reads and writes in a shared folder, by the names that both sides know."""

from __future__ import annotations

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.jobs.survey_input import SharedInput, SurveyInput
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.shared.description import SharedDescription, read_description
from napari_hyperseg.survey.shared.folder import SharedFolder
from napari_hyperseg.survey.shared.opening import open_shared
from napari_hyperseg.survey.survey import Survey

PREDICTIONS = "predictions"


def open_shared_source(source: SurveyInput, shared: SharedInput) -> Survey:
    """Open a survey that is shared.

    Raises
    ------
    SharedFolderError
        If it is not there as a whole, or cannot be read.
    """
    assert source.volumes is not None  # where what is fetched is put
    return open_shared(
        SharedFolder(shared.folder),
        source.segy,
        shared.fingerprint,
        source.reading,
        Kept(source.volumes, source.key),
    )


def read_shared(source: SurveyInput) -> SharedDescription:
    """Read what is shared of a survey.

    Raises
    ------
    SharedFolderError
        If it is not there as a whole, or another one.
    """
    assert source.shared is not None
    folder, fingerprint = SharedFolder(source.shared.folder), source.shared.fingerprint
    return read_description(folder, source.key, fingerprint, source.reading)


def shared_prediction(source: SurveyInput) -> SharedFolder | None:
    """Where the prediction of a survey is filled before it is fetched; None: nowhere."""
    if source.shared is None or source.prediction is None:
        return None
    path = source.prediction
    return SharedFolder(source.shared.folder).inside(PREDICTIONS, path.parent.name, path.name)


def sent_boxes(source: SurveyInput) -> SharedFolder | None:
    """Where boxes are that are predicted in a training, on their way; None: nowhere."""
    if source.shared is None or source.prediction is None:
        return None
    path = source.prediction
    folder = SharedFolder(source.shared.folder).inside(PREDICTIONS, path.parent.name)
    return folder.inside(f"{path.stem}.boxes")


def check_shared(folder: SharedFolder, sign: str) -> None:
    """Make sure that a folder is the same as on the computer that the job is from.

    Parameters
    ----------
    folder : SharedFolder
    sign : str
        Name of a file that was written there, from that computer.

    Raises
    ------
    SharedFolderError
        If it is not seen, or the folder cannot be read and written.
    """
    folder.check()
    if folder.read_if_there(sign) is None:
        raise SharedFolderError(
            f"{folder} is another place from there: what this computer wrote into it is not seen."
        )
