"""Land-use change between two dates of a hyperspectral scene."""
