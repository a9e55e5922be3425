"""The edits that are made until the process is killed: planned by chance, made in earnest.

An edit of a plan is a JSON object whose numbers are taken as remainders of what there is, so a
plan fits whatever state it meets.  `kill_twin` says what each must lead to.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.labels.stamps import Stamp
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.import_edit import ImportEdit
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.noted import LEGEND
from napari_hyperseg.project.picks import Picks

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Labels

Edit = dict[str, Any]
Shape = tuple[int, int, int]

SMALL = ("write", "stamps", "paste", "undo", "redo", "go")
LIKELY: dict[str, tuple[str, ...]] = {
    "labels": (*SMALL, "write", "stamps", "paste", "stamps"),
    "picks": ("horizon", "pick", "pick", "pick", "erase", "rename", "undo", "redo", "go"),
    "record": ("class", "legend", "horizon", "rename", "remember", "write", "undo", "redo", "go"),
    "strokes": ("stroke",) * 6 + ("undo", "redo", "class"),
    "imports": ("large", "large", "large", "paste", "undo", "redo", "class"),
    "convert": (*SMALL, "pick", "horizon", "class"),
}
"""What children of each kind do, the likelier ones more than once."""

MOST_CLASSES = 30


def plan(kind: str, seed: int, shape: Shape, length: int) -> list[Edit]:
    """Return so many edits of a kind of child."""
    rng = random.Random(seed)
    return [_planned(rng, rng.choice(LIKELY[kind]), shape, serial) for serial in range(length)]


def _planned(rng: random.Random, do: str, shape: Shape, serial: int) -> Edit:
    edit: Edit = {"do": do, "seed": rng.randrange(1 << 30), "name": f"{do} {serial}-{rng.random()}"}
    if do == "stroke":
        return edit | {"section": rng.randrange(3), "points": _walk(rng, shape), "label": 2}
    if do == "stamps":
        return edit | {"boxes": [_box(rng, shape, 4) for _ in range(rng.randrange(1, 9))]}
    longest = max(shape) if do == "large" else 8
    return edit | {"box": _box(rng, shape, longest, do == "large"), "code": rng.randrange(5)}


def _box(rng: random.Random, shape: Shape, longest: int, large: bool = False) -> list[list[int]]:
    box = []
    for n in shape:
        size = min(n, rng.randrange(n // 2, n) if large else rng.randrange(1, longest + 1))
        start = rng.randrange(n - size + 1)
        box.append([start, start + size])
    return box


def _walk(rng: random.Random, shape: Shape) -> list[list[int]]:
    """Voxels along a line that wanders; the section keeps one of the three coordinates."""
    at = [rng.randrange(n) for n in shape]
    walk = [list(at)]
    for _ in range(rng.randrange(2, 12)):
        at = [min(max(a + rng.randrange(-2, 3), 0), n - 1) for a, n in zip(at, shape, strict=True)]
        walk.append(list(at))
    return walk


def content(edit: Edit) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the codes of a paste, which do not shrink, and where they are set."""
    rng = np.random.default_rng(edit["seed"])
    shape = [stop - start for start, stop in edit["box"]]
    codes = rng.integers(1, 256, shape, np.uint8)
    return codes, codes > 40


def picked(edit: Edit, shape: Shape) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Return traces, their times and of what kind the picks are."""
    rng = np.random.default_rng(edit["seed"])
    chosen = rng.choice(shape[0] * shape[1], int(rng.integers(1, 40)), replace=False)
    i, j = np.unravel_index(chosen, shape[:2])
    kinds = rng.integers(1, PickKind.ERASED, i.size).astype(np.uint8)
    return i, j, rng.uniform(0, 2000, i.size).astype(np.float32), kinds


def changed_legend(legend: Legend, edit: Edit) -> Legend:
    """Return a legend with another name, or with one more class."""
    if edit["do"] in ("class", "large") and legend.n_classes < MOST_CLASSES:
        return legend.with_class(edit["name"])
    code = 1 + edit["seed"] % legend.n_classes
    return legend.renamed(code, edit["name"]).moved(code, 1)


def slices_of(box: list[list[int]]) -> tuple[slice, ...]:
    return tuple(slice(start, stop) for start, stop in box)


def stroke(viewer: ViewerModel, layer: Labels, edit: Edit) -> None:
    """Draw with napari's brush: press, stamps along the way, release."""
    section, points = edit["section"], edit["points"]
    viewer.dims.order = (section, *(axis for axis in (0, 1, 2) if axis != section))
    viewer.dims.set_point(section, layer.data_to_world(points[0])[section])
    viewer.layers.selection.active = layer
    layer.mode, layer.brush_size = "paint", 1 + edit["seed"] % 6
    with dragging(viewer):
        for point in points:
            point[section] = points[0][section]
            layer.paint(tuple(point), 1 + edit["seed"] % edit["label"])


@contextmanager
def dragging(viewer: ViewerModel) -> Iterator[None]:
    """Run what listens to the mouse from press to release."""
    event = SimpleNamespace(type="mouse_press", button=1, modifiers=())
    running = [callback(viewer, event) for callback in viewer.mouse_drag_callbacks]
    for one in running:
        next(one, None)
    event.type = "mouse_move"
    yield
    event.type = "mouse_release"
    for one in running:
        next(one, None)


class Editor:
    """Makes edits of a plan in an interpretation.

    Parameters
    ----------
    interpretation : Interpretation
    shown : tuple of (ViewerModel, Labels), optional
        Where its labels are painted, for strokes.
    """

    def __init__(
        self, interpretation: Interpretation, shown: tuple[ViewerModel, Labels] | None = None
    ) -> None:
        self._kept, self._shown = interpretation, shown
        self._horizons = Horizons(interpretation.project, interpretation.key, interpretation)

    def make(self, edit: Edit) -> None:
        """Make one edit."""
        do: Callable[[Edit], object] = getattr(self, f"_{edit['do']}")
        do(edit)

    def _write(self, edit: Edit) -> None:
        self._kept.facies[slices_of(edit["box"])] = edit["code"]

    def _stamps(self, edit: Edit) -> None:
        with self._kept.edit("Brush", edit["name"]):
            for box in edit["boxes"]:
                self._kept.facies[slices_of(box)] = 1 + edit["seed"] % 7

    def _paste(self, edit: Edit) -> None:
        start = tuple(first for first, _ in edit["box"])
        with self._kept.edit("Import", edit["name"]):
            self._kept.paste(start, *content(edit))

    def _large(self, edit: Edit) -> None:
        """Import as the window does: the legend, then stamps, then one record of all."""
        codes, where = content(edit)
        imported = ImportEdit(self._kept, edit["name"])
        imported.note(LEGEND, lambda: self._replace_legend(edit))
        (i0, j0, k0), step = (first for first, _ in edit["box"]), 16
        imported.put(
            Stamp((i0 + i, j0, k0), codes[i : i + step], where[i : i + step])
            for i in range(0, len(codes), step)
        )
        imported.keep()

    def _class(self, edit: Edit) -> None:
        with self._kept.edit("Add class", edit["name"]):
            self._legend(edit)
            self._write(edit)

    def _legend(self, edit: Edit) -> None:
        self._kept.note(LEGEND, lambda: self._replace_legend(edit))

    def _replace_legend(self, edit: Edit) -> None:
        project = self._kept.project
        project.legend = changed_legend(project.legend, edit)
        project.save()

    def _horizon(self, edit: Edit) -> None:
        with self._kept.edit("Horizon", edit["name"]):
            self._horizons.create(edit["name"], "trough")
            self._put(edit, -1)

    def _pick(self, edit: Edit) -> None:
        if self._horizons.names:
            with self._kept.edit("Pick", edit["name"]):
                self._put(edit, edit["seed"] % len(self._horizons.names))

    def _put(self, edit: Edit, place: int) -> None:
        i, j, times, kinds = picked(edit, self._kept.facies.shape)  # type: ignore[arg-type]
        Picks(self._kept, self._horizons.entries[place].stem).put(i, j, times, kinds)

    def _erase(self, edit: Edit) -> None:
        if self._horizons.names:
            i, j, _, _ = picked(edit, self._kept.facies.shape)  # type: ignore[arg-type]
            stem = self._horizons.entries[edit["seed"] % len(self._horizons.names)].stem
            Picks(self._kept, stem).erase(i, j)

    def _rename(self, edit: Edit) -> None:
        if self._horizons.names:
            old = self._horizons.names[edit["seed"] % len(self._horizons.names)]
            with self._kept.edit("Rename", edit["name"]):
                self._horizons.rename(old, edit["name"])
                self._horizons.move(edit["name"], 1)

    def _remember(self, edit: Edit) -> None:
        self._kept.project.remember("note", edit["name"])

    def _undo(self, edit: Edit) -> None:
        self._kept.undo()

    def _redo(self, edit: Edit) -> None:
        self._kept.redo()

    def _go(self, edit: Edit) -> None:
        self._kept.go_to(edit["seed"] % (len(self._kept.revisions) + 1))

    def _stroke(self, edit: Edit) -> None:
        assert self._shown is not None
        stroke(*self._shown, edit)
