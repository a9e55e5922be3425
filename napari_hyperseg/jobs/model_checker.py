"""The process that tries a model: ``python -m napari_hyperseg.jobs.model_checker FOLDER``.

Loads it and predicts a few voxels.  What is wrong goes to standard output, in one line.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.learn.model import load_model

FAILED = 2


def main() -> int:
    """Try the model of the folder that is named first; 0 if it can be used."""
    torch.set_num_threads(1)
    try:
        load_model(Path(sys.argv[1]), torch.device("cpu"))
    except HypersegError as error:
        sys.stdout.write(f"{error}\n")
        return FAILED
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
