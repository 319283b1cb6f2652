"""Institutions of one's own: a class of people names those that it meets, as in `institutions = (DropIn,)`.

They come to the model with the people who meet them, wherever those are named. They act after all others, in the order in
which they are named.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from policysim.agents.institutions.catalogue import DECISIONS, HERE, WORLD
from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.own_faults import called, check_institution
from policysim.engine.fields import Marks, fields_of
from policysim.engine.ranges import failures_told
from policysim.errors import UserError
from policysim.vocabulary.mark import Mark, field_of

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel

NAMED_IN = "institutions"
"""The attribute of a class of people that names institutions."""


class Met(NamedTuple):
    """What people meet of institutions, the shipped ones and those of one's own."""

    own: tuple[type[Institution], ...]
    here: type
    world: type
    decisions: dict[str, Callable]


def met_by(roles: Sequence[type]) -> Met:
    """What people of these roles meet; raises UserError for an institution with a fault."""
    return _met(own_in(roles))


def own_in(people: Iterable[type]) -> tuple[type[Institution], ...]:
    """The institutions of one's own that these classes of people name, and those they derive from, each once."""
    found: dict[type[Institution], None] = {}
    for kind in people:
        for ancestor in kind.__mro__:
            named = vars(ancestor).get(NAMED_IN, ())
            if not isinstance(named, tuple):
                raise UserError(
                    f"{ancestor.__name__}: {NAMED_IN} is a tuple of classes, which has a comma also where it is one, as in "
                    f"{NAMED_IN} = (DropIn,)"
                )
            found |= dict.fromkeys(named)
    return tuple(found)


@lru_cache(maxsize=64)
def _met(own: tuple[type[Institution], ...]) -> Met:
    if not own:
        return Met(own, HERE, WORLD, DECISIONS)
    for kind in own:
        check_institution(kind)
    here, world, decisions = HERE, WORLD, dict(DECISIONS)
    for kind in own:
        here, world = _joined(here, kind, kind.here), _joined(world, kind, kind.world)
        for decision in kind.decisions:
            if decisions.setdefault(decision.__name__, decision) is not decision:
                raise UserError(
                    f"{called(kind)} has a decision {decision.__name__!r}, as another institution has: rename it"
                )
    return Met(own, here, world, decisions)


def _joined(record: type, kind: type[Institution], further: type | None) -> type:
    """A record with the fields of an institution behind its own."""
    if further is None:
        return record
    known = fields_of([record])
    for name, field in fields_of([further]).items():
        if name in known:
            raise UserError(
                f"{field.place}: {name!r} of institution {kind.__name__} is a field of {known[name].owner} already: choose "
                "another name"
            )
    return type(record.__name__, (record, further), {"__doc__": record.__doc__})


@lru_cache(maxsize=64)
def noting(roles: tuple[type, ...]) -> tuple[type, ...]:
    """The roles, each with what decisions of the institutions that any of them names note on people, and with their marks."""
    own = met_by(roles).own
    notes, marks = [kind.person for kind in own if kind.person], [marks for kind in own for marks in kind.marks]
    if not notes and not marks:
        return roles
    return tuple(_noting(role, own, marks) for role in roles)


def _noting(role: type, own: Sequence[type[Institution]], marks: Sequence[type[Mark]]) -> type:
    record = role
    for kind in own:
        record = _joined(record, kind, kind.person)
    about = {"__module__": role.__module__, "__qualname__": role.__qualname__, "__doc__": role.__doc__}
    return type(role.__name__, (record,), about | {field_of(each): Marks(each) for each in marks})


def found_own(model: "DrugPolicyModel") -> None:
    """Found the institutions of one's own, each once or once for each authority; raises UserError for what fails in one."""
    model.own_institutions = met_by(model.roles).own
    for kind in model.own_institutions:
        names = [f" in {authority.name}" for authority in model.place.authorities] if kind.in_each_authority else [""]
        for k, where in enumerate(names):
            with failures_told():
                model.institutions.append(kind(model, kind.__name__ + where, k if where else -1))
    for lever in model.regime.levers.values():
        if not any(isinstance(each, lever.acts_on) for each in model.institutions):
            acted_on = lever.acts_on.__name__
            raise UserError(
                f"lever {type(lever).__name__} acts on {acted_on}, which is not there: name it in a class of people, as in "
                f"{NAMED_IN} = ({acted_on},)"
            )


def check_met(model: "DrugPolicyModel") -> None:
    """Raise UserError where an institution of one's own lets people meet what is beyond the range that it declares."""
    for kind in model.own_institutions:
        for record, table in ((kind.here, model.places), (kind.world, model.world_array)):
            for name, field in fields_of([record] if record else []).items():
                low, high = field.limits
                wrong = table[name][~((table[name] >= low) & (table[name] <= high))]
                if wrong.size:
                    raise UserError(
                        f"{field.place}: institution {kind.__name__} lets people meet {name} {wrong[0]:g} in week {model.week}; "
                        f"it must be {field.allowed}"
                    )
