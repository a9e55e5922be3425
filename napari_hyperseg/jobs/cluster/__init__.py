"""The same jobs on a Dask cluster; the only place that knows Dask."""

from __future__ import annotations

from importlib.util import find_spec

from napari_hyperseg.errors import JobError


def check_installed() -> None:
    """Make sure that what a cluster needs is installed.

    Raises
    ------
    JobError
        If not.
    """
    for package in ("distributed", "cryptography"):
        if find_spec(package) is None:
            raise JobError(
                f"Computing on a cluster needs {package}: pip install 'napari-hyperseg[cluster]'."
            )
