"""What the interpreter said: legend, facies labels, targets from horizons."""
