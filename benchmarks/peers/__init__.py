"""One contagion among the same people and ties, written for Mesa, for Starsim, with NumPy by hand, and as three rules."""
