"""Wells as labels: tables of facies or tops along vertical wells, and discs around them.

`reading.read_wells` is the way in, `classes.legend_of_wells` and `stamping.well_stamps` the way
out.  Nothing here knows a project or a window, and no file is more than text.
"""
