"""The invertible hyperbolic network: Haar, low-rank layers, leapfrog, the reversible chain."""
