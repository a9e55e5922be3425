"""The dock and its panels: build, render, forward."""
