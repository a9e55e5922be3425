"""Map aquifers from airborne geophysical grids and a map that is known in a few places.

The third example of arXiv 2407.00595: magnetics, gravity, radiometrics and elevation go in
as channels of a fully invertible hyperbolic network in 2D, and a map of aquifers comes out.
The data of the paper are closed; without files, a scene is made from physics.

    python -m examples.aquifer_map
    python -m examples.aquifer_map --channel magnetics=mag.tif --channel elevation=dem.tif \
        --labels mapped.tif --output-tif aquifers.tif
"""

from __future__ import annotations

import sys
from pathlib import Path

EXTRA = {"matplotlib", "rasterio"}


def main() -> int:
    """Run the program, from wherever it was started."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        from examples.aquifer.command import main as run
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        sys.stderr.write(f"aquifer_map: {error.name} is missing: pip install '.[examples]'\n")
        return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
