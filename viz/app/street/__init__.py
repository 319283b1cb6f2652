"""The street: a few of the people and their ties, week by week under every regime."""
