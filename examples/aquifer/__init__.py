"""A map of aquifers from airborne grids: a made scene, real GeoTIFFs, learning, scores, figure."""
