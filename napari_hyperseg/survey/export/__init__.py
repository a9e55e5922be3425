"""Volumes out of a project: SEG-Y, zarr or OME-Zarr, by the name of what is to be written.

Knows surveys and arrays; nothing of predictions, projects or viewers.
"""
