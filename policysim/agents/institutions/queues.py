"""Who waits for a place in treatment, by the kind of place: all who are followed are looked at once a week."""

from typing import Any, NamedTuple

import numpy as np

from policysim.engine.jit import outer
from policysim.engine.luck import counter, key_of, uniform
from policysim.vocabulary.states import Care, Justice, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

ASKED = (
    *(int(care) for care in (Care.NONE, Care.WAITING, Care.AGONIST, Care.PSYCHOSOCIAL, Care.DETOXIFICATION)),
    int(Substance.HEROIN), int(Use.DEPENDENT), int(Justice.CUSTODY),
)  # fmt: skip
"""States that decide who can have which place."""
FILLED = (
    Care.HEROIN_ASSISTED, Care.DETOXIFICATION, Care.RESIDENTIAL_COMMUNITY, Care.DAY_COMMUNITY, Care.AGONIST,
    Care.PSYCHOSOCIAL, Care.UNDER_18, Care.PRISON_COMMUNITY,
)  # fmt: skip
"""The kinds of places in the order in which they are filled."""
NO_KIND = -1
HEROIN_ASSISTED, DETOXIFICATION, RESIDENTIAL, DAY, ON_AGONIST, OTHERS, YOUNG, IN_PRISON = range(len(FILLED))


class Queue(NamedTuple):
    """Those to whom a place of a kind can go, in person order, and the authority in which each lives."""

    kind: Care
    rows: np.ndarray
    areas: np.ndarray


def queues(model: Any, followed: np.ndarray, week: int) -> tuple[list[Queue], np.ndarray]:
    """Of the people followed those to whom a place of each kind can go, in the order in which kinds are filled.

    Heroin-assisted treatment is for those whom agonist treatment failed: injecting street opioids on top after several
    episodes. Wards and communities take, of those in other treatment, whoever is willing this year, and a community
    of whoever is about to leave a ward those who would go on. Whoever asks waits for an assessment. Beside them how many
    are in each care by authority, shape (authorities, kinds of care).
    """
    p, seed = model.parameters, model.run_seed
    in_care = np.zeros((len(model.services), len(Care)), np.int64)
    limits = (p["hat_failed_episodes"], p["assessment_weeks"], p["age_of_adult_court"], p["prison_community_weeks"])
    shares = p["abstinence_wish"], p["community_after_ward"]
    keys = key_of(seed, "abstinence"), key_of(seed, "go on from a ward"), counter(week // WEEKS_PER_YEAR)
    rows, areas = np.empty((2, len(FILLED), followed.size), np.int64)
    sizes = np.zeros(len(FILLED), np.int64)
    _queue_up(model.records, model.places, followed, limits, shares, ASKED, keys, rows, areas, sizes, in_care)
    ends = sizes.tolist()
    return [Queue(kind, rows[k, : ends[k]], areas[k, : ends[k]]) for k, kind in enumerate(FILLED)], in_care


@outer
def _queue_up(people, places, followed, limits, shares, asked, keys, rows, areas, sizes, in_care):
    """The rows of those to whom a place of each kind can go, the authorities they live in, and how many they are.

    States come as arguments: what is compiled and kept on disk would not notice that one has changed.
    """
    none, waiting, agonist, psychosocial, detoxification, heroin, dependent, custody = asked
    failed_episodes, assessment, adult, stay = limits
    willing, going_on = shares
    for row in followed:
        p = people[row]
        care, area, kind, other = p["care"], places[p["neighbourhood"]]["area"], NO_KIND, NO_KIND
        if not p["present"]:
            continue
        if care == none:
            inside = p["justice"] == custody and p["weeks_left"] >= stay
            if (
                inside
                and p["dependent_on"] > 0
                and not p["prison_agonist"]
                and uniform(keys[0], row, keys[2]) < willing
            ):
                kind = IN_PRISON
        else:
            in_care[area, care] += 1
            if care == waiting:
                if p["weeks_waiting"] >= assessment:
                    kind = YOUNG if p["age"] < adult else ON_AGONIST if p["use"][heroin] == dependent else OTHERS
            elif care == agonist:
                if p["on_top"] and p["injects"] and p["agonist_episodes"] >= failed_episodes:
                    kind = HEROIN_ASSISTED
                if uniform(keys[0], row, keys[2]) < willing:
                    other = DETOXIFICATION
            elif care == psychosocial:
                if uniform(keys[0], row, keys[2]) < willing:
                    kind, other = RESIDENTIAL, DAY
            elif care == detoxification and p["taper_weeks_left"] == 1 and uniform(keys[1], row, keys[2]) < going_on:
                kind, other = RESIDENTIAL, DAY
        for k in (kind, other):
            if k != NO_KIND:
                rows[k, sizes[k]], areas[k, sizes[k]] = row, area
                sizes[k] += 1
