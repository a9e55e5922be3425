"""The one error of this program whose message is written for its user."""

from __future__ import annotations

from napari_hyperseg.errors import HypersegError


class AquiferError(HypersegError, ValueError):
    """Grids, labels or options that no map can be made from."""
