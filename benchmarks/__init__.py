"""What the model is timed against: the same rules in ordinary Mesa, and the command that prints the figures."""
