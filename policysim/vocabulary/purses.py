"""The purses from which things are paid, by name."""

from policysim.vocabulary.stocks import Figure

PURSES = ("police", "council", "nhs", "justice", "business")
DRY = {name: Figure[f"DRY_{name.upper()}"] for name in PURSES}
"""The figure in which a purse tells that it could not pay for all that was asked in a week."""
