"""Which outcomes the page shows, and under which tab."""

from dataclasses import dataclass

from policysim.counts.outcomes import COSTS, OUTCOMES, Outcome

MAIN = tuple(OUTCOMES[name] for name in ("expected_deaths", "arrests", "treatment_entries"))
"""The three that every regime is asked about first."""


@dataclass(frozen=True)
class Theme:
    """A tab: its name and its outcomes, the main one first."""

    name: str
    outcomes: tuple[Outcome, ...]


def _theme(name: str, *outcomes: str) -> Theme:
    return Theme(name, tuple(OUTCOMES[outcome] for outcome in outcomes))


THEMES = (
    _theme("Deaths", "expected_deaths", "opiate_deaths", "overdoses", "overdoses_reversed"),
    _theme("Policing", "arrests", "searches", "diversions", "offences"),
    _theme("Treatment", "treatment_entries", "in_treatment", "in_agonist_treatment", "hidden"),
    _theme("Prison", "in_custody", "imprisoned", "convictions"),
    _theme("Young people", "first_use", "exclusions", "children_sentenced", "newly_exploited"),
    _theme("Health", "new_hepatitis_c", "hepatitis_c_cured", "opiate_or_crack_users", "remissions"),
    _theme("Money", "spending", *COSTS),
)
"""Beside these stands what differs between groups of people."""
