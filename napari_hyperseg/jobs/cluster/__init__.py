"""The same jobs on a Dask cluster; the only place that knows Dask."""

from __future__ import annotations

from importlib.util import find_spec

from napari_hyperseg.errors import JobError


def missing_packages() -> list[str]:
    """What a cluster needs and is not installed."""
    return [name for name in ("distributed", "cryptography") if find_spec(name) is None]


def check_installed() -> None:
    """Make sure that what a cluster needs is installed.

    Raises
    ------
    JobError
        If not.
    """
    if missing := missing_packages():
        raise JobError(
            f"Computing on a cluster needs {missing[0]}: pip install 'napari-hyperseg[cluster]'."
        )
