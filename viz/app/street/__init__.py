"""The street: a few hundred sampled people and their ties, week by week, under two regimes side by side."""
