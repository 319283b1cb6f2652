"""The three roles: people whose weeks differ.

Each is put together from the record of a person (`people/person.py`), the rules of its week in their order
(`people/week.py`) and what institutions' decisions alone may leave on somebody (`institutions/catalogue.py`).
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches

import numpy as np

from policysim.agents.institutions.catalogue import MARKS_OF_THEIR_OWN
from policysim.agents.institutions.own import met_by, noting
from policysim.agents.people.person import Person
from policysim.agents.people.week import week_of
from policysim.engine.fields import Marks, fields_of, layout
from policysim.engine.own_classes import check_class
from policysim.engine.own_helpers import with_own_helpers
from policysim.engine.rules import rules_of
from policysim.errors import UserError
from policysim.vocabulary.mark import field_of
from policysim.vocabulary.states import Role


def lives(role: Role) -> Callable[[type], type]:
    """Give a class the rules of this role's week as its methods, in order, and fields for what institutions may leave."""

    def put_together(cls: type) -> type:
        for rule in week_of(role):
            setattr(cls, rule.__name__, rule)
        for marks in MARKS_OF_THEIR_OWN:
            field = Marks(marks)
            setattr(cls, field_of(marks), field)
            field.__set_name__(cls, field_of(marks))
        return cls

    return put_together


@lives(Role.YOUNG_PERSON)
class YoungPerson(Person):
    """Someone aged 10 to 24 who is not dependent."""


@lives(Role.ADULT)
class Adult(Person):
    """Someone aged 25 or over who is not dependent."""


@lives(Role.DEPENDENT_USER)
class DependentUser(Person):
    """Someone of any age who is dependent on a substance now."""


ROLES: tuple[type[Person], ...] = (YoungPerson, Adult, DependentUser)
"""In the order of `Role`."""
RECORD = layout(fields_of(ROLES))
"""The record of a person of theirs."""


def record_of(roles: Sequence[type]) -> np.dtype:
    """The record of a person of these roles: that of the shipped ones, and behind it fields of one's own."""
    return layout(fields_of(roles), RECORD)


def roles_with(people: Sequence[type] | None) -> tuple[type, ...]:
    """The three roles with a student's subclasses in place of the shipped ones.

    `people` may name any number of classes; each replaces the role it derives from. Raises UserError for a class that
    derives from none, or two that claim the same role. One that has helpers of the model in a version of its own is lived by
    through a class derived from it (policysim/engine/own_helpers.py), and so is one where institutions of one's own note
    something on people (policysim/agents/institutions/own.py).
    """
    roles: list[type] = list(ROLES)
    claimed: dict[Role, type] = {}
    for cls in people or ():
        fits = [role for role in Role if isinstance(cls, type) and issubclass(cls, ROLES[role])]
        if not fits:
            raise UserError(
                f"{getattr(cls, '__name__', cls)!s} is not a kind of YoungPerson, Adult or DependentUser; derive it from one"
            )
        role = fits[0]
        if claimed.get(role, cls) is not cls:
            both = f"{claimed[role].__name__} and {cls.__name__}"
            raise UserError(
                f"both {both} are given for {ROLES[role].__name__}; give one that derives from both, as in class Both"
                f"({both.replace(' and ', ', ')}), alone"
            )
        claimed[role] = roles[role] = cls
        check_class(cls)
        _check_names(cls, ROLES[role])
    found = noting(tuple(roles))
    return with_own_helpers(found, met_by(found).decisions.values())


def _check_names(cls: type, role: type) -> None:
    """A new rule of the name of another role's, or nearly that of one of its own role, is a slip: both would run."""
    known = rules_of(role)
    for name, rule in rules_of(cls).items():
        if name in known:
            continue
        place = f"{rule.__code__.co_filename}, line {rule.__code__.co_firstlineno}: {cls.__name__}"
        others = [other.__name__ for other in ROLES if name in rules_of(other)]
        if others:
            raise UserError(
                f"{place} has the rule {name!r}, by which {role.__name__} does not live: derive the class from "
                f"{' or '.join(others)}, or give a rule of your own another name"
            )
        meant = get_close_matches(name, known, 1, 0.85)
        if meant:
            raise UserError(
                f"{place} has a new rule {name!r}, which would run beside {meant[0]!r}; did you mean {meant[0]!r}? (give a "
                "rule of your own a name less like it)"
            )
