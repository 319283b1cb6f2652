"""A lever of a user's own, looked at and pulled at the institutions of a small place."""

import inspect
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from policysim.agents.institutions.catalogue import INSTITUTIONS
from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.own import NAMED_IN
from policysim.agents.roles import YoungPerson
from policysim.counts.declared import outcomes_in
from policysim.counts.outcomes import OUTCOMES
from policysim.engine.ranges import failures_told
from policysim.errors import UserError, nearest
from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever, fault_in
from policysim.model import DrugPolicyModel
from policysim.vocabulary.purses import PURSES

IN_WORDS = ("id", "group", "path")
LEVELS = (0.0, 0.5, 1.0)


def try_lever(kind: type[Lever], file: str, people: Sequence[type] = ()) -> str:
    """What the lever acts on; raises UserError with the first fault of its papers or of its pull.

    `people` are classes of one's own that the file knows, whose outcomes the lever may name.
    """
    fault = fault_in(kind) or _fault_in_papers(kind, people) or _fault_in_id(kind, file)
    if fault:
        raise UserError(f"{file}: {fault}")
    met = _who_meet(kind.acts_on)
    model = DrugPolicyModel("authority:rutland", people=60, years=1, engine="python", people_classes=met)
    try:
        for settings in _settings(kind, file):
            for institution in model.institutions:
                if isinstance(institution, kind.acts_on):
                    _pull(kind(**settings), institution, file)
    finally:
        model.close()
    return f"{kind.__name__}, which acts on {kind.acts_on.__name__}"


def _who_meet(acts_on: type[Institution]) -> tuple[type, ...]:
    """A class of people who meet an institution of one's own; none for one that is there anyway."""
    is_shipped = any(issubclass(known, acts_on) for known in INSTITUTIONS)
    return () if is_shipped else (type("Everyone", (YoungPerson,), {NAMED_IN: (acts_on,)}),)


def _fault_in_papers(kind: type[Lever], people: Sequence[type]) -> str:
    """Why the report could not speak of the lever: words that are missing, names that mean nothing; else nothing."""
    name = kind.__name__
    costs = [*(p.id for p in registry().values() if p.id.startswith("cost_")), *kind.acts_on.cost_of]
    declared = [name for each in (*_who_meet(kind.acts_on), *people) for name in outcomes_in((each,))]
    outcomes = [*OUTCOMES, *declared]
    for what in IN_WORDS:
        if not isinstance(getattr(kind, what, None), str) or not getattr(kind, what):
            return f"{name} does not say its {what}: give it one, as in {what}: ClassVar[str] = ..."
    for what, known, called in (
        ("payer", PURSES, "purse"), ("outcome", outcomes, "outcome"),
        ("cost", costs, "unit cost of the registry"), ("process", outcomes, "outcome"),
    ):  # fmt: skip
        given = getattr(kind, what, None)
        if what == "outcome" and not given:  # one that is only tried out need not say what it is bought for
            continue
        if given not in known:
            few = f" (one of {', '.join(PURSES)})" if what == "payer" else ""
            return f"{name} has the {what} {given!r}, which is no {called}{nearest(str(given), known)}{few}"
    wrong = next((purse for purse in kind.purses() if purse not in PURSES), None)
    if wrong is not None:
        return f"{name} has {wrong!r} among its payers, which is no purse{nearest(str(wrong), PURSES)}"
    return ""


def _fault_in_id(kind: type[Lever], file: str) -> str:
    """That it has the id of a lever of the model, in whose place it would be pulled; nothing where it is that lever's file."""
    there = LEVERS.get(kind.id)
    if there is None or Path(inspect.getfile(there)).resolve() == Path(file).resolve():
        return ""
    return (
        f"{kind.__name__} has the id {kind.id!r}, which is that of the model's {there.__name__}: give it one of its own"
    )


def _settings(kind: type[Lever], file: str) -> list[dict[str, Any]]:
    """As they are by default, and with each setting of its own at the ends of its limits."""
    own = {name: field for name, field in kind.model_fields.items() if name not in Lever.model_fields}
    for name, field in own.items():
        if field.is_required():
            raise UserError(f"{file}: the setting {name} of {kind.__name__} has no usual value; give it one first")
        if field.annotation in (int, float) and not field.metadata:
            raise UserError(
                f"{file}: the setting {name} of {kind.__name__} has no limits and no words: write {name}: "
                f"{field.annotation.__name__} = setting({field.default!r}, ge=0, le=1, description=...), with limits of its own"
            )
    ends = []
    for end in ("ge", "le"):
        found = {
            name: [getattr(limit, end) for limit in field.metadata if hasattr(limit, end)]
            for name, field in own.items()
        }
        ends.append({name: limits[0] for name, limits in found.items() if limits})
    return [{}, *ends]


def _pull(lever: Lever, institution: Institution, file: str) -> None:
    """At no level, half and full; at none nothing may change."""
    for level in LEVELS:
        institution.return_to_usual()
        with failures_told():
            try:
                lever.pull_at(institution, level)
            except UserError as error:
                raise UserError(f"{file}: {error}") from None
        if level == 0:
            _check_unchanged(lever, institution, file)


def _check_unchanged(lever: Lever, institution: Institution, file: str) -> None:
    usual, policy = institution.usual, institution.policy
    assert is_dataclass(usual)
    for part in fields(usual):
        before, now = getattr(usual, part.name), getattr(policy, part.name)
        if before != now:
            raise UserError(
                f"{file}: {type(lever).__name__} changes {part.name} at level 0, where nothing may change, from {before:g} to "
                f"{now:g}; move it as far as the level says, as in towards(policy.{part.name}, ..., level)"
            )
