"""Qt panels: build, render, forward."""
