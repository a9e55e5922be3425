"""Programs that show the network at work on other data than seismic cubes."""
