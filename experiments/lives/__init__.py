"""One simulated life under several regimes, and the words for it."""
