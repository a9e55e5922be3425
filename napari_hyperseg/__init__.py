"""napari-hyperseg: segment seismic cubes with a fully invertible hyperbolic network.

Importing the package imports nothing heavy: torch is loaded by the worker process only.
"""

__version__ = "0.1.0"
