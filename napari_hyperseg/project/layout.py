"""Where everything is in a project folder.

    NAME.hyperseg/
      project.json                    see `record`
      volumes/                        see `survey.kept`
      labels/SURVEY/facies.npy        see `labels.facies`
      labels/SURVEY/picks/            see `picks`
      labels/SURVEY/revisions/        see `labels.editing.journal`
      horizons/SURVEY/NAME.npy        see `survey.horizon_grids`
      models/ID/                      the learning layer's
      predictions/ID/SURVEY.zarr      likewise

Owns the paths, and that none of them leads out of the folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.record import is_safe_name
from napari_hyperseg.survey.kept import Kept


@dataclass(frozen=True)
class Layout:
    """The paths in one project folder.

    Parameters
    ----------
    folder : Path
        Absolute.

    Raises
    ------
    ProjectError
        By every path: if a name is no single part of a path, or a link leads elsewhere.
    """

    folder: Path

    @property
    def models(self) -> Path:
        """The folder of the models."""
        return self._inside("models")

    @property
    def predictions(self) -> Path:
        """The folder of the predictions."""
        return self._inside("predictions")

    def labels(self, key: str) -> Path:
        """Return the facies labels of a survey."""
        return self._inside("labels", key, "facies.npy")

    def picks(self, key: str, stem: str, kind: str) -> Path:
        """Return the times of a horizon's picks, or what kind each one is."""
        return self._inside("labels", key, "picks", f"{stem}.{kind}.npy")

    def journal(self, key: str) -> Path:
        """Return the folder of the journal of a survey's edits."""
        return self._inside("labels", key, "revisions")

    def horizon(self, key: str, grid: str) -> Path:
        """Return the times of a horizon."""
        return self._inside("horizons", key, f"{grid}.npy")

    def kept(self, key: str) -> Kept:
        """Return where the index and the converted volume of a survey are."""
        kept = Kept(self._inside("volumes"), key)
        for path in (kept.index, kept.volume):
            self._inside("volumes", path.name)
        return kept

    def model(self, model_id: str) -> Path:
        """Return the folder of a model."""
        return self._inside("models", model_id)

    def prediction(self, model_id: str, key: str) -> Path:
        """Return the zarr group of a survey's prediction by a model."""
        return self._inside("predictions", model_id, f"{key}.zarr")

    def _inside(self, *parts: str) -> Path:
        for part in parts:
            if not is_safe_name(part):
                raise ProjectError(f"{part!r} cannot be the name of a survey or model.")
        path = self.folder.joinpath(*parts)
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise ProjectError(f"{path} leads out of the project folder; it is not used.")
        return path
