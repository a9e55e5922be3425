"""Seismic surveys: geometry in survey numbers and ms, SEG-Y in and out, horizons, synthetic data."""
