"""The keys of the window, bound to viewer and layers.

Owns the binding; the table is in `key_table`.  A layer's keys win over the viewer's, and
napari gives some of those below to tools of its layers: digits, C to images, I, T and D to shapes.
On our own layers our keys win; with Shift they work on any other, too, where nothing else is
bound to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from napari.components import ViewerModel
from napari.layers import Layer
from psygnal import Signal

from napari_hyperseg.viewer.horizon_keys import HorizonKeys
from napari_hyperseg.viewer.key_table import Action, Key, key_groups, key_text
from napari_hyperseg.viewer.navigation import Navigation
from napari_hyperseg.viewer.next_line import NextLines
from napari_hyperseg.viewer.painting import Painting
from napari_hyperseg.viewer.tags import tag_of


class Keys:
    """Binds the keys of a viewer and tells what they do.

    Parameters
    ----------
    viewer : ViewerModel
        Whose canvas hears the keys.
    navigation : Navigation
        What most of them ask.
    next_lines : NextLines
        Where to label next.
    painting : Painting
        Its brush is taken to classes; undoes and does again.
    horizons : HorizonKeys
        Picks and tracks horizons.

    Attributes
    ----------
    groups : tuple of KeyGroup
        The table.
    asked : Signal()
        The user wants to see it.
    second_asked : Signal()
        The user wants the second view.
    """

    asked = Signal()
    second_asked = Signal()

    def __init__(
        self,
        viewer: ViewerModel,
        navigation: Navigation,
        next_lines: NextLines,
        painting: Painting,
        horizons: HorizonKeys,
    ) -> None:
        self._viewer = viewer
        self.groups = key_groups(
            navigation, next_lines, painting, horizons, self.ask_second, self.ask
        )
        self._bind(viewer.bind_key)

    @property
    def table(self) -> tuple[Key, ...]:
        """All rows."""
        return tuple(key for group in self.groups for key in group.keys)

    def ask(self) -> None:
        """Show the table."""
        self.asked.emit()

    def ask_second(self) -> None:
        """Open the second view."""
        self.second_asked.emit()

    def tip(self, action: Action) -> str:
        """Return what a button's tooltip says of what the button does and of its key."""
        return self.with_key(action, action.value)

    def with_key(self, action: Action, text: str) -> str:
        """Return a text with the key of an action behind it."""
        key = next(key for key in self.table if key.action is action)
        return f"{text} ({key_text(key.names[0])})"

    def adopt(self, layers: Iterable[Layer]) -> None:
        """Let the keys win on those layers that show a survey of ours."""
        for layer in layers:
            if tag_of(layer) is not None:
                self._bind(layer.bind_key)

    def unbind(self) -> None:
        """Take the keys away from viewer and layers."""
        for provider in (self._viewer, *self._viewer.layers):
            if provider is self._viewer or tag_of(provider) is not None:
                for name, _ in self._on_canvas():
                    provider.bind_key(name, None)

    def _bind(self, bind_key: Callable[..., Any]) -> None:
        for name, key in self._on_canvas():
            bind_key(name, _command(key), overwrite=True)

    def _on_canvas(self) -> list[tuple[str, Key]]:
        ours = (key for key in self.table if key.call is not None and key.on_canvas)
        return [(name, key) for key in ours for name in (*key.names, *key.also)]


def _command(key: Key) -> Callable[[Any], None]:
    """Return what napari calls with viewer or layer; its docstring is what the key does."""

    def run(provider: Any) -> None:
        assert key.call is not None
        key.call()

    run.__doc__ = key.action.value
    return run
