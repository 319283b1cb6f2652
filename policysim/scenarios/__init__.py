"""What was asked for: regimes, scenarios, and what is wrong with them in one sentence."""
