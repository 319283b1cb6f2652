"""A few of the people and their ties, filmed week by week under every regime."""
