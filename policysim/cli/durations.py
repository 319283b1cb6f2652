"""How long something takes, in words."""

MINUTE, HOUR, DAY = 60, 3600, 86400


def told_time(seconds: float) -> str:
    """About how long, in the unit in which it is read most easily."""
    if seconds < 1.5 * MINUTE:
        return f"about {max(1, round(seconds))} s"
    if seconds < 1.5 * HOUR:
        return f"about {round(seconds / MINUTE)} min"
    return f"about {seconds / HOUR:.1f} hours" if seconds < 3 * DAY else f"about {seconds / DAY:.1f} days"
