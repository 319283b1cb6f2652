"""After the pass: what people did to one another this week, then admissions and sentences, in person order.

A rule writes its own person's row only; what reaches others is settled here from the week's marks, by the same code in
both engines.
"""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from policysim.agents.institutions.queues import Queue, queues
from policysim.agents.institutions.treatment import TreatmentService
from policysim.engine.jit import outer
from policysim.engine.luck import counter, key_of, uniforms
from policysim.engine.week import Pass
from policysim.engine.who import Who, bears
from policysim.network.using import by_neighbourhood
from policysim.vocabulary.marks import LifeMark, OverdoseMark, UseMark
from policysim.vocabulary.rows import NOBODY, is_among, joined
from policysim.vocabulary.states import Cause, Justice, Life, Substance, Use

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel

NEEDY = Who(bears(OverdoseMark.NEEDS_FRIENDS_KIT))
GONE = Who(bears(
    LifeMark.DIED_OF_MISUSE, LifeMark.DIED_OTHER_POISONING, LifeMark.DIED_BY_SUICIDE, LifeMark.DIED_OTHERWISE, LifeMark.LEFT,
))  # fmt: skip
DIED_OF_MISUSE = Who(bears(LifeMark.DIED_OF_MISUSE))
LATE_HELP = OverdoseMark.REVERSED_BY_POLICE | OverdoseMark.REVERSED_BY_AMBULANCE
DEPENDENCE_CHANGED = Who(bears(UseMark.BECAME_DEPENDENT, UseMark.REMITTED, UseMark.RELAPSED))


def settle(model: "DrugPolicyModel", week: int, found: Pass) -> np.ndarray:
    """Settle the week; returns the rows of everyone touched by it, sorted, each once."""
    givers = use_friends_kits(model, week, NEEDY.of(model.records, found.marked))
    gone = GONE.of(model.records, found.marked)
    bereaved = bereave(model, gone)
    redraw_using_ties(model, week, found, gone)
    admitted = admit(model, week, found.followed)
    decided = [rows for kind, those in model.deciding for rows in kind.look_back_together(those, week, found)]
    return joined(found.marked, givers, bereaved, admitted, *decided)


def use_friends_kits(model: "DrugPolicyModel", week: int, needy: np.ndarray) -> np.ndarray:
    """Each overdose that relied on a friend's kit takes one, in person order; whoever finds none left has late help or none.

    Police and ambulance who were on their way are marked beside the friend until here: one overdose has one end. Returns
    the rows of those whose kit was used.
    """
    people, givers = model.records, []
    marks = people["overdose_marks"]
    for row in needy.tolist():
        friends = model.peers.using.of(row)
        able = people["naloxone"][friends] & people["present"][friends]
        able &= people["justice"][friends] != Justice.CUSTODY
        if able.any():
            giver = int(friends[able][0])
            people["naloxone"][giver] = False
            givers.append(giver)
            if marks[row] & OverdoseMark.REVERSED_BY_FRIEND:
                marks[row] &= ~LATE_HELP
            continue
        marks[row] &= ~int(OverdoseMark.NEEDS_FRIENDS_KIT | OverdoseMark.REVERSED_BY_FRIEND)
        if people["would_have_died"][row] and people["present"][row]:
            people["present"][row], people["life"][row], people["cause"][row] = False, Life.DEAD, Cause.MISUSE
            heroin = (
                _draw(model.run_seed, week, "opiate named", np.array([row]), 0)[0] < model.parameters["heroin_named"]
            )
            named = LifeMark.DIED_WITH_HEROIN if heroin else LifeMark.DIED_WITH_OTHER_OPIOID
            people["life_marks"][row] |= LifeMark.DIED_OF_MISUSE | LifeMark.DIED_WITH_OPIATE | named
    rows = np.array(givers, np.int64)
    model.state.rest.wrote(rows)
    return rows


def bereave(model: "DrugPolicyModel", gone: np.ndarray) -> np.ndarray:
    """Friends of people who died of misuse grieve; returns their rows."""
    people = model.records
    died = DIED_OF_MISUSE.of(people, gone)
    if not died.size:
        return died
    friends = [model.peers.ties.of(row) for row in died] + [model.peers.using.of(row) for row in died]
    rows = np.unique(np.concatenate(friends))
    rows = rows[people["present"][rows]]
    model.state.rest.rouse(rows)
    people["bereaved_weeks"][rows] = 0
    return rows


def redraw_using_ties(model: "DrugPolicyModel", week: int, found: Pass, gone: np.ndarray) -> None:
    """Ties of use end with death, leaving and recovery, and form when dependence on heroin or crack begins."""
    people = model.records
    changed = DEPENDENCE_CHANGED.of(people, found.marked)
    if not (gone.size or changed.size):
        return
    if not changed.size:
        model.peers.untie(gone)
        return
    dependent = uses_heroin_or_crack(people, changed)
    model.peers.untie(joined(gone, changed[~dependent]))
    begun = changed[dependent]
    begun = begun[model.peers.using.degree(begun) == 0]
    if begun.size:
        current = found.followed[uses_heroin_or_crack(people, found.followed)]
        nearby = by_neighbourhood(current, people["neighbourhood"], model.places.size)
        luck = partial(_draw, model.run_seed, week)
        model.peers.form(begun, nearby, model.near, luck, model.parameters)


def uses_heroin_or_crack(people: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Who of these people is present and dependent on heroin or crack, shape (n,)."""
    return _uses_either(people, rows, int(Substance.HEROIN), int(Substance.CRACK), int(Use.DEPENDENT))


@outer
def _uses_either(people: np.ndarray, rows: np.ndarray, one: int, other: int, dependent: int) -> np.ndarray:
    found = np.empty(rows.size, np.bool_)
    for k in range(rows.size):
        person = people[rows[k]]
        found[k] = person.present and (person.use[one] == dependent or person.use[other] == dependent)
    return found


def admit(model: "DrugPolicyModel", week: int, followed: np.ndarray) -> np.ndarray:
    """Services fill their places, one kind after another, from those who can have one; returns the rows of those admitted."""
    admitted = NOBODY
    waiting, in_care = queues(model, followed, week)
    for queue in waiting:
        if admitted.size and queue.rows.size:
            left = ~is_among(queue.rows, admitted)  # nobody has two places
            queue = Queue(queue.kind, queue.rows[left], queue.areas[left])
        if queue.rows.size:
            admitted = joined(admitted, TreatmentService.admit(model, week, queue, in_care))
    return admitted


def _draw(seed: int, week: int, name: str, rows: np.ndarray, k: int) -> np.ndarray:
    return uniforms(key_of(seed, name), rows, counter(week, k))
