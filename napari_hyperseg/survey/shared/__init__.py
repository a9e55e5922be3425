"""A survey in a folder that other machines see: a path or any URL that fsspec opens.

Knows URLs and copies; nothing of who computes with them.
"""
