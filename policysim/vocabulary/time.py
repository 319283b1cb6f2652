"""Time: a week is a step, and a year of the model has 52 of them. Said here and nowhere else."""

WEEKS_PER_YEAR = 52
MOST_YEARS = 300
"""Of a run, and of its burn-in: a run's weeks are kept in two bytes for each person."""


def years_of(weeks: int) -> int:
    """Whole years that have passed after so many weeks."""
    return weeks // WEEKS_PER_YEAR


def years_to_hold(weeks: int) -> int:
    """The fewest whole years that so many weeks fit into."""
    return -(-weeks // WEEKS_PER_YEAR)
