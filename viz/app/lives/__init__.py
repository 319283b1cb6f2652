"""Two lives: one simulated person under each regime side by side, the week in which the paths part, and what parted them."""
