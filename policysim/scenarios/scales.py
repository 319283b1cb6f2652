"""How many residents a simulated person stands for where nobody says: one default for each purpose, with its reason."""

COMPARE_ONE_IN = 75.0
"""Comparing regimes: five of them over ten years and six replicates of the West Midlands take under a minute on two
idle processors."""

TRACE_ONE_IN = 50.0
"""One simulated life: enough lives to choose from, and quick."""

STEP_ONE_IN = 1000.0
"""One person's week, rule by rule: the weeks before it are lived in Python, where each person takes a quarter of a
millisecond."""

CALIBRATION_ONE_IN = 20.0
"""The model beside published figures: over the replicates that are averaged, deaths, the rarest of them, then come in
hundreds in a police force area."""

FACE_VALIDITY_ONE_IN = 20.0
"""Plots to judge by eye: one run alone, divided by age and sex, whose curves must not be noise."""

SENSITIVITY_ONE_IN = 400.0
"""Screening every uncertain number: hundreds of short runs, of which each need only show the strong effects."""

ATTRIBUTION_ONE_IN = 200.0
"""Sharing a regime's difference out among its levers: forty levers take a thousand runs over six seeds, a quarter of an hour
of the West Midlands on two processors."""

NETWORK_ONE_IN = 20.0
"""Measures of the peer network: coarser, a neighbourhood holds too few to choose friends and partners from (in the West
Midlands half of all friends live in the same one, and with one person in 100 only a third)."""

MODEL_ONE_IN = 20.0
"""A model by itself, as a student or a notebook makes it: ten years of the West Midlands take some ten seconds."""
