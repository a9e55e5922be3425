"""Horizons in and out as text, in the formats that interpretation programs exchange.

`reading` and `preview` are the ways in, `writing` the way out; a foreign format is one
module, listed in `formats`.  Nothing here knows SEG-Y, a project or a window.
"""
