"""The purses from which things are paid, by name."""

PURSES = ("police", "council", "nhs", "justice", "business")
