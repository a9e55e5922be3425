"""napari layers, reader, sample data and layer events (no Qt)."""
