"""The edited model beside the stock one: for each regime an arm more, in which people live by rules of one's own.

An arm is a regime like any other, so that it is run, kept, told and drawn as they are, with the same seeds and the same
luck. Its id says beside which it stands: `diversion-by-my-rules` beside `diversion`.
"""

import re
from collections.abc import Collection, Sequence

from policysim.errors import UserError
from policysim.levers.lever import Lever
from policysim.scenarios.equal_spend import SUFFIX
from policysim.scenarios.own_classes import file_name
from policysim.scenarios.regime import LONGEST_ID, LONGEST_NAME, Regime
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.reasons import shown

BY = "-by-"
"""In the id of an arm, between that of its regime and what the file is called."""


def with_own_arms(scenario: Scenario, people: Sequence[type], levers: Sequence[type[Lever]] = ()) -> Scenario:
    """The scenario with an arm more beside each of its regimes; raises UserError.

    people: classes of people who live in these arms from where the regimes part. levers: classes of levers that are pulled in
    them as well, at their documented settings. Arms of a file of the same name are made anew, those of others stay.
    """
    for kinds, called in ((people, "people_classes"), (levers, "levers")):
        if not isinstance(kinds, list | tuple) or not all(isinstance(kind, type) for kind in kinds):
            raise UserError(f"{called} must be a list of classes, not {shown(kinds)}")
    if not people and not levers:
        return scenario
    file = file_name((*people, *levers)[0])
    ids = [one.id for one in scenario.regimes]
    arms = {one.id: _arm(one, file, people, levers) for one in scenario.regimes if beside_which(one.id, ids) is None}
    anew = {arm.id for arm in arms.values()}
    kept = [one for one in scenario.regimes if one.id not in anew]
    pairs = [(one, arms[one.id]) if one.id in arms else (one,) for one in kept]
    return scenario.model_copy(update={"regimes": [one for pair in pairs for one in pair]})


def beside_which(id: str, ids: Collection[str]) -> str | None:
    """Of these regimes the one that an arm stands beside, at equal spend too; None where it is no arm of theirs."""
    described = id.removesuffix(SUFFIX)
    scaled = id[len(described) :]
    heads = (described[: found.start()] for found in re.finditer(BY, described))
    return next((one for head in heads for one in (head + scaled, head) if one in ids), None)


def _arm(regime: Regime, file: str, people: Sequence[type], levers: Sequence[type[Lever]]) -> Regime:
    """The regime with other people, and with these levers pulled as well."""
    called = re.sub(r"[^a-z0-9]+", "-", file.removesuffix(".py").lower()).strip("-") or "own"
    return Regime(
        id=f"{regime.id}{BY}{called}"[:LONGEST_ID], name=f"{regime.name}, {file}"[:LONGEST_NAME],
        summary=_summary(regime, file, people, levers), contested=regime.contested, people_classes=list(people) or None,
        levers=regime.levers | {_id_of(kind): kind(**kind.documented) for kind in levers},
    )  # fmt: skip


def _summary(regime: Regime, file: str, people: Sequence[type], levers: Sequence[type[Lever]]) -> str:
    names = ", ".join(kind.__name__ for kind in people)
    told = [f"people live by the rules of {file} ({names})"] if people else []
    told += [f"{' and '.join(kind.title for kind in levers)} of {file} is pulled as well"] if levers else []
    return f"As “{regime.name}”, but {', and '.join(told)}."


def _id_of(lever: type[Lever]) -> str:
    if not isinstance(getattr(lever, "id", None), str):
        raise UserError(
            f"{lever.__name__} has no id by which a regime could pull it: give it one, as in id = 'my_lever'"
        )
    return lever.id
