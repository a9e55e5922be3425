"""Labels from files on their way into the survey that is open.

Owns the steps of an import in a window: `look` and `write` may run in a thread, `begin`,
`finish` and `give_up` belong to the thread of the viewer.  Knows no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from napari_hyperseg.errors import HypersegError, ProjectError
from napari_hyperseg.labels.stamps import Told
from napari_hyperseg.labels.wells.columns import said_columns
from napari_hyperseg.labels.wells.content import WellChoice
from napari_hyperseg.labels.wells.discs import Radius, default_radius
from napari_hyperseg.project.import_edit import ImportEdit
from napari_hyperseg.project.label_files import Kind, kind_of, read_source
from napari_hyperseg.project.label_imports import (
    Examined,
    examine,
    put_labels,
    remember,
    take_classes,
    target_of,
)
from napari_hyperseg.project.label_plans import LabelSource
from napari_hyperseg.project.line_choice import LineChoice
from napari_hyperseg.project.well_plans import WellSource
from napari_hyperseg.survey.horizon_files.vertical import Unit
from napari_hyperseg.viewer.workspace import Workspace


@dataclass(frozen=True)
class ImportChoice:
    """What the user says of an import; empty texts say nothing.

    Parameters
    ----------
    files : tuple of Path
        The files.
    inlines, crosslines : str
        Lists of survey numbers; both empty: every line.
    radius : str
        Around wells.
    unit : {"ms", "s", "m", "ft"} or None
        Of wells.
    columns : str
        Of wells: "ROLE=NAME", between commas.
    keep : bool
        Whether labels that are there stay.
    """

    files: tuple[Path, ...] = ()
    inlines: str = ""
    crosslines: str = ""
    radius: str = ""
    unit: Unit | None = None
    columns: str = ""
    keep: bool = False


@dataclass(frozen=True, eq=False)
class ImportLook:
    """What would come of an import.

    Parameters
    ----------
    kind : {"facies", "horizons", "wells"} or None
        What the files hold.
    examined : Examined
        What they label.
    new : frozenset of int
        Codes of classes that the project has not yet, or not under this name.
    """

    kind: Kind | None
    examined: Examined
    new: frozenset[int]


class LabelImport:
    """An import into the survey that a workspace has open.

    Parameters
    ----------
    workspace : Workspace
        With a survey.

    Attributes
    ----------
    kind : {"facies", "horizons", "wells"} or None
        What the files hold that were looked at last, if that is known.

    Raises
    ------
    ProjectError
        If no survey is open.
    """

    def __init__(self, workspace: Workspace) -> None:
        if workspace.project is None or workspace.tag is None:
            raise ProjectError("No survey is open. Open one before its labels.")
        self._workspace = workspace
        self._project, self._key = workspace.project, workspace.tag.survey
        self.geometry = workspace.tag.geometry
        self.kind: Kind | None = None
        self._read: tuple[object, LabelSource] | None = None
        self._edit: ImportEdit | None = None

    @property
    def default_radius(self) -> str:
        """Around wells, where nothing else is said."""
        return str(default_radius(self.geometry))

    def look(self, choice: ImportChoice, told: Told) -> ImportLook:
        """Read the files to the end, and count what they label; changes nothing.

        Raises
        ------
        HypersegError
            If they cannot be imported.
        """
        radius = Radius.typed(choice.radius) if choice.radius.strip() else None
        lines = LineChoice.typed(
            choice.inlines.strip() or None, choice.crosslines.strip() or None, self.geometry
        )
        source = self._source(choice)
        if isinstance(source, WellSource):
            source = replace(source, radius=radius)
        target = target_of(self._project, self._key, self.geometry)
        plan = source.plan(target, lines.traces(self.geometry))
        examined = examine(self._project, self._key, plan, keep=choice.keep, told=told)
        before = dict(enumerate(target.legend.names, 1))
        new = {code for code, name, _ in examined.classes if before.get(code) != name}
        return ImportLook(self.kind, examined, frozenset(new))

    def begin(self, look: ImportLook) -> None:
        """Give the project the classes: before there are labels of them.

        Raises
        ------
        ProjectError
            If the survey was closed meanwhile, or the project cannot be written.
        """
        if not self._is_open():
            raise ProjectError("The survey was closed. Open it again before its labels.")
        interpretation = self._workspace.interpretation
        assert interpretation is not None
        self._edit = ImportEdit(interpretation, look.examined.plan.words)
        try:
            take_classes(self._edit, self._project, look.examined)
        except HypersegError:
            self._edit.give_up()
            raise

    def write(self, look: ImportLook, told: Told) -> None:
        """Write the labels, all or, if something raises, none."""
        assert self._edit is not None
        put_labels(self._edit, look.examined, told)

    def finish(self, look: ImportLook) -> None:
        """Keep the labels: an edit like any other, which the window hears of."""
        assert self._edit is not None
        self._edit.keep()
        remember(self._project, self._key, look.examined.plan)

    def give_up(self, look: ImportLook) -> None:
        """Take back an import that was not written to its end."""
        assert self._edit is not None
        self._edit.give_up()

    def _is_open(self) -> bool:
        tag = self._workspace.tag
        return (
            self._workspace.project is self._project
            and tag is not None
            and (tag.survey == self._key)
        )

    def _source(self, choice: ImportChoice) -> LabelSource:
        """Read the files, unless they are those that were read last."""
        asked = (choice.files, choice.unit, choice.columns.strip())
        if self._read is None or self._read[0] != asked:
            self.kind = None
            self.kind = kind_of(choice.files)
            pairs = choice.columns.split(",") if choice.columns.strip() else []
            said = WellChoice(choice.unit, said_columns(pairs))
            self._read = asked, read_source(choice.files, self.kind, self.geometry, said)
        return self._read[1]
