"""Map land-use change between two dates of a hyperspectral scene, from a few labelled points.

The second example of arXiv 2407.00595: the dates are the two channels of a 3D block (row,
column, wavelength), which a fully invertible hyperbolic network takes to a map at half
resolution, read from one slice across the wavelengths.  Without files, a scene is made:
irrigated farmland under an imperfect imaging spectrometer.

    python -m examples.hyperspectral_change
    python -m examples.hyperspectral_change --before scene.mat:T1 --after scene.mat:T2 \
        --truth scene.mat:Binary --unknown none
"""

from __future__ import annotations

import sys
from pathlib import Path

EXTRA = {"h5py", "matplotlib"}


def main() -> int:
    """Run the program, from wherever it was started."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        from examples.hyperspectral.command import main as run
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        sys.stderr.write(f"hyperspectral_change: {error.name} is missing: "
                         "pip install '.[examples]'\n")  # fmt: skip
        return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
