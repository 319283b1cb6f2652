"""How many residents a simulated person stands for where nobody says: one default for each purpose, with its reason."""

COMPARE_ONE_IN = 75.0
"""Comparing regimes: five of them over ten years and six replicates of the West Midlands take under a minute on two
idle processors."""

TRACE_ONE_IN = 50.0
"""One simulated life: enough lives to choose from, and quick."""

CALIBRATION_ONE_IN = 20.0
"""The model beside published figures: many replicates are averaged, and even deaths, the rarest, are then counted well
enough to tell a miss from luck."""

FACE_VALIDITY_ONE_IN = 20.0
"""Plots to judge by eye: one run alone, divided by age and sex, whose curves must not be noise."""

NETWORK_ONE_IN = 20.0
"""Measures of the peer network: households and friendships keep their sizes at any scale, and with this one a police
force area holds enough of those who use together."""

MODEL_ONE_IN = 20.0
"""A model by itself, as a student or a notebook makes it: one run of a police force area takes seconds."""
