"""The people of whom something declared with `Counted` holds: counted by area, and at midyear by group, when a week is over."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from policysim.agents.roles import ROLES
from policysim.counts.declared import Counted, counted_in
from policysim.engine.condition import Condition
from policysim.engine.fields import Field, fields_of
from policysim.engine.rest import Rest
from policysim.engine.resting import time_in


class OwnStocks:
    """Counts what a model's own classes declare, and what classes of other arms do."""

    def __init__(self, names: Iterable[str], roles: tuple[type, ...], others: tuple[type, ...], rest: Rest):
        """Those of these names; what no role declares is asked as it is declared in one of the others."""
        here = counted_in(roles)
        elsewhere = {name: (one, cls) for cls in reversed(others) for name, one in counted_in((cls,)).items()}
        self.starts: dict[str, Field] = {}
        self.asked = [
            self._asked(here[name], roles)
            if name in here
            else self._asked(elsewhere[name][0], (*ROLES, elsewhere[name][1]))
            for name in names
        ]
        goes_by = set[str]().union(*(one.fields for one in self.asked))
        self.must_be_made_up = bool(goes_by) and bool(goes_by & time_in(roles))
        """Whether it goes by what moves of itself: nobody at rest has that as it is by now."""
        self.rest = rest

    def _asked(self, counted: Counted, classes: tuple[type, ...]) -> Condition:
        fields = fields_of(classes)
        found = counted.asked(fields)
        self.starts |= {name: fields[name] for name in found.fields}
        return found

    def holding(self, people: np.ndarray, entered: int) -> Iterator[np.ndarray]:
        """Of each stock the rows of the people present of whom it holds."""
        if not self.asked:
            return
        if self.must_be_made_up:
            self.rest.make_up()
        rows = np.flatnonzero(people["present"][:entered])
        table = self._with_starts(people)
        yield from (rows[one.of(table, rows)] for one in self.asked)

    def _with_starts(self, people: np.ndarray) -> Mapping[str, np.ndarray]:
        """Everyone by field: one that is declared only for other arms holds what everybody begins with there."""
        there = people.dtype.names or ()
        return {
            name: people[name] if name in there else np.full((people.size, *field.shape), field.start)
            for name, field in self.starts.items()
        }
