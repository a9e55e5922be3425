"""Volumes kept as sharded zarr arrays, quick to cut in every direction.

Knows arrays and files; nothing of SEG-Y.
"""
