"""What the model says of itself: transitions, listings, checks. The command line, the docs and the page read it."""
