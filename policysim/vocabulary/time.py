"""Time: a week is a step, and a year of the model has 52 of them. Said here and nowhere else."""

WEEKS_PER_YEAR = 52


def years_of(weeks: int) -> int:
    """Whole years that have passed after so many weeks."""
    return weeks // WEEKS_PER_YEAR


def years_to_hold(weeks: int) -> int:
    """The fewest whole years that so many weeks fit into."""
    return -(-weeks // WEEKS_PER_YEAR)
