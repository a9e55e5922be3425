"""Seismic surveys: geometry, SEG-Y in and out, horizons, and the sample cube.

Knows numpy and segyio; knows nothing of networks, projects or windows.
"""
