"""Comparing regimes: the questions, the answers as they come in, curves and tables."""
