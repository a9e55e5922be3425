"""Sampling, loss, training, prediction, metrics and checkpoints."""
