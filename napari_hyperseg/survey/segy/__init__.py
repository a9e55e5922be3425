"""SEG-Y in and out: what a file says of itself, the grid its headers give, its samples.

Only here are byte numbers known.
"""
