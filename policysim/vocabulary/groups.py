"""Groups of people: those that figures are published by, and those that are told from a person's state.

A question asked both of one person in a rule and of many at once (a record array) stands here once for the arrays;
`tests/vocabulary/test_groups.py` holds each against its twin among the helpers of `policysim.agents.people`.
"""

import numpy as np

from policysim.vocabulary.rows import Those
from policysim.vocabulary.states import Company, Justice, Substance, Use

SEXES = ("women", "men")
WOMEN, MEN = range(len(SEXES))
"""Codes of sex, as `Person.sex` holds them."""
ETHNIC_GROUPS = ("white", "asian", "black", "mixed", "other")
QUINTILES = ("q1", "q2", "q3", "q4", "q5")
"""Fifths of a nation's neighbourhoods by deprivation; q1 is the most deprived."""

YOUNGEST, OLDEST = 10, 80
"""Ages between which people can be in the model (years)."""
BAND_YEARS = 5
AGE_BANDS = tuple(f"{age}-{age + BAND_YEARS - 1}" for age in range(YOUNGEST, OLDEST, BAND_YEARS))
"""Five-year bands of age: 10-14 is the first, 75-79 the last."""
RESIDENT_BANDS = AGE_BANDS[:11]
"""Bands of those who are in the model whoever they are: 10-14 to 60-64. Older people are followed if once dependent."""
RESIDENTS_UNTIL = YOUNGEST + BAND_YEARS * len(RESIDENT_BANDS)
"""Age at which those bands end (years)."""

RANKS = {
    Use.NEVER: 0, Use.EXPERIMENTING: 1, Use.REGULAR: 2, Use.DEPENDENT: 3, Use.REMISSION: 1, Use.FORMER: 1
}  # fmt: skip
RANK_OF_USE = np.array([RANKS[state] for state in Use], np.int8)
"""How far into use each state is: never, experimenting, regular, dependent; in remission and former, as far as a try."""


FRIENDS_TOGETHER = 2
"""Counts of friends by so many at a time: who rests is woken when a count leaves its own few, not by every friend (see
`policysim/agents/people/resting.py`)."""

COMPANY_OF = np.array(
    [
        {
            Substance.HEROIN: Company.HEROIN_OR_CRACK,
            Substance.CRACK: Company.HEROIN_OR_CRACK,
            Substance.ALCOHOL: Company.DRINKING,
        }.get(substance, Company.DRUGS)
        for substance in Substance
    ],
    np.int8,
)
"""The kind of use that each substance belongs to, among friends."""


def band_of(ages: np.ndarray) -> np.ndarray:
    """Index of the age band of each age; the last holds for all older."""
    return np.clip((ages - YOUNGEST) // BAND_YEARS, 0, len(AGE_BANDS) - 1).astype(np.int64)


# Plain numbers: NumPy asks a member of an enumeration for its protocol at every comparison, which takes a microsecond.
HEROIN, CRACK, DEPENDENT = int(Substance.HEROIN), int(Substance.CRACK), int(Use.DEPENDENT)


# ---------------------------------------------------------------- asked of many people at once, shape (n,) of bool


def opioid_dependent(people: np.ndarray) -> np.ndarray:
    """Dependent on heroin or other opioids now."""
    return np.asarray(people["use"][:, Substance.HEROIN] == Use.DEPENDENT)


def opiate_or_crack(people: np.ndarray) -> np.ndarray:
    """Dependent on heroin, other opioids or crack: the group whose size is published."""
    use = people["use"]
    return np.asarray((use[:, HEROIN] == DEPENDENT) | (use[:, CRACK] == DEPENDENT))


def opioid_history(people: np.ndarray) -> np.ndarray:
    """Dependent on heroin or other opioids, now or once: as registers follow people."""
    heroin = people["use"][:, Substance.HEROIN]
    return np.asarray((heroin == Use.DEPENDENT) | (heroin == Use.REMISSION))


def ever_dependent(use: np.ndarray) -> np.ndarray:
    """Dependent on any of the substances, now or once, by states of use of shape (n, substances)."""
    return np.asarray(((use == Use.DEPENDENT) | (use == Use.REMISSION)).any(axis=1))


def uses_now(use: np.ndarray) -> np.ndarray:
    """States of present use, in an array of any shape: experimenting, regular or dependent."""
    return np.asarray((use >= Use.EXPERIMENTING) & (use <= Use.DEPENDENT))


def company_of(use: np.ndarray) -> np.ndarray:
    """Which kinds of use a person is company in, by states of use of shape (n, substances): shape (n, kinds) of bool."""
    now = uses_now(use)
    return np.stack([now[:, kind == COMPANY_OF].any(axis=1) for kind in Company], axis=-1)


def at_liberty(people: np.ndarray | Those) -> np.ndarray:
    """Not in custody."""
    return np.asarray(people["justice"] != Justice.CUSTODY)
