"""Following a horizon from a few picks through a seismic survey; numpy and scipy only."""
