"""One person who meets a rule under numbers of one's own."""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import numpy as np

from policysim.engine.luck import Luck
from policysim.model import DrugPolicyModel
from policysim.model.building import python_views
from policysim.vocabulary.states import SUBSTANCES, Charge, Substance, Use

WHITE = 0
HEROIN = [Use.NEVER] * SUBSTANCES
HEROIN[Substance.HEROIN] = Use.DEPENDENT
DEPENDENT = {"use": HEROIN, "using": 1, "dependent_on": 1}
CHARGED = {"charge": Charge.ACQUISITIVE, "weeks_charged": 0}


class Over:
    """A record with some of its fields said anew; a table is said by one number for all of its keys."""

    def __init__(self, record: Any, said: dict):
        self._record, self._said = record, said

    def __getattr__(self, name: str) -> Any:
        usual = getattr(self._record, name)
        if name not in self._said:
            return usual
        return np.full(np.shape(usual), self._said[name]) if np.ndim(usual) else self._said[name]


def meeting(place: DrugPolicyModel) -> Any:
    """Lets a person of a place meet a rule; returns the person, who is as told and otherwise nobody."""
    place_here, place_world = python_views(place)
    first = place.people[int(np.flatnonzero(place.people["present"])[0])]
    usual = {name: first[name].tolist() for name in first.dtype.names}

    def lives(rule: Any, *choice: int, here=None, person=None, week: int = 0, **numbers: float) -> Any:
        someone = SimpleNamespace(**deepcopy(usual))
        someone.use, someone.age, someone.band, someone.sex, someone.ethnicity = (
            [Use.NEVER] * SUBSTANCES,
            30.0,
            4,
            1,
            WHITE,
        )
        someone.using = someone.dependent_on = someone.justice = someone.charge = someone.care = someone.fear = 0
        someone.naloxone, someone.weeks_since_diversion = True, -1
        someone.trust, someone.offending_level = 0.0, 1.0
        for name, value in (person or {}).items():
            setattr(someone, name, value)
        luck = Luck({rule.__name__: 7})
        luck.turn_to(1, week, rule.__name__)
        rule(someone, Over(place_here[0], here or {}), Over(place_world, numbers), luck, *choice)
        return someone

    return lives
