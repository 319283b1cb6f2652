"""A field of one's own: rules that know nothing of it are those of the model without it, and all live as Python does."""

import numpy as np
from tiny_world import Here, Tiny, World, count_present, keys_of, run_python, state_of

from policysim.agents.institutions.catalogue import DECISIONS, HERE
from policysim.agents.people.resting import RESTING
from policysim.agents.roles import RECORD, ROLES, record_of
from policysim.counts.counting import count_person
from policysim.engine.compiler import _checked_parts, compile_week
from policysim.engine.fields import Field, fields_of, layout
from policysim.engine.further_fields import NARROWED, members_of
from policysim.engine.rules import helper, rule
from policysim.engine.week import Buffers, CompiledEngine
from policysim.engine.written import shape_of
from policysim.evidence.registry import Parameters
from policysim.model.building import world_record
from policysim.rules import YoungPerson

WEEKS = 3


@helper
def a_step(self, world):
    """Of no interest to whoever wrote the field."""
    step = 0.0
    for n in range(3):
        step += world.table[n] * self.shelf[n] / 10
    return step


class Walker(Tiny):
    """Walks."""

    @rule
    def walk(self, here, world, luck):
        self.a = max(-9, min(9, self.a + a_step(self, world)))

    @rule
    def count(self, here, world, luck):
        self.m += self.k


class Tired(Walker):
    """Walks, and tires of it."""

    wide = Field("f8", "wider than what stands in front of it", "", 0, 1000)
    tired = Field("i2", "how tired", "", 0, 1000)

    @rule
    def count(self, here, world, luck):
        self.tired += 1 + self.k
        if self.tired < 6:
            self.wide += self.a * self.a
            super().count(here, world, luck)

    @rule
    def rest(self, here, world, luck):
        self.k = 0 if self.tired > 3 else self.k


NARROW = layout(fields_of([Walker]))
WHOLE = layout(fields_of([Tired]), NARROW)


def module_of(role: type, people: np.dtype):
    layouts = (people, layout(fields_of([Here])), layout(fields_of([World])))
    return compile_week((role,), {}, layouts, count_present, narrow=NARROW)


def test_fields_of_ones_own_stand_behind_all_others():
    assert {name: WHOLE.fields[name] for name in NARROW.names} == dict(NARROW.fields)
    assert min(WHOLE.fields[name][1] for name in ("wide", "tired")) >= NARROW.fields[NARROW.names[-1]][1] + 1
    assert np.dtype(list(members_of(WHOLE)), align=True) == WHOLE


def test_rules_that_know_nothing_of_it_are_compiled_once_and_live_as_python_does():
    without, within = module_of(Walker, NARROW), module_of(Tired, WHOLE)
    shared = {name for name in vars(without) if vars(without)[name] is vars(within).get(name)}
    assert "Walker_walk" in shared and "Tired_count" in vars(within)
    assert within.count_one is without.count_one
    state = state_of(Tired)
    state.people = np.zeros(state.people.size, WHOLE)
    for name in WHOLE.names:
        state.people[name] = state_of(Tired).people[name]
    state.rest.attend(state, within)
    engine, buffers = CompiledEngine(within, keys_of(Tired), {}), Buffers(state.people.size, 2, 1, 1)
    found = [engine.run(state, week, state.people.size, buffers) for week in range(WEEKS)]
    by_python, expected = run_python(Tired, WEEKS)
    assert all(np.array_equal(state.people[name], by_python.people[name]) for name in WHOLE.names)
    assert all(np.array_equal(one.sums, other.sums) for one, other in zip(found, expected, strict=True))
    assert state.people["wide"].any() and (state.people["tired"] > 3).any()


class Tutored(YoungPerson):
    """Has a tutor, of whom one rule knows."""

    sees_a_tutor = Field("?", "whether a tutor comes")

    @rule
    def start_using(self, here, world, luck):
        """Whoever has a tutor does not."""
        if not self.sees_a_tutor:
            super().start_using(here, world, luck)


def test_one_more_field_leaves_nearly_all_rules_of_the_model_as_they_are():
    decided, roles = tuple(DECISIONS.items()), (Tutored, *ROLES[1:])
    layouts = (record_of(roles), layout(fields_of([HERE])), world_record(Parameters()).dtype)
    parts = _checked_parts(
        shape_of(roles, DECISIONS.values()), roles, decided, layouts, count_person, False, RESTING, RECORD
    )
    whole = {part.name for part in parts if part.is_kept and part.person == members_of(layouts[0])}
    called = {"live", "catch_up", "wake_concerned", *(f"decide_{name}" for name in DECISIONS)}
    assert whole - called == {"Tutored_start_using"}
    assert all(NARROWED in part.calls for part in parts if part.name in {"live", "catch_up", "Tutored_start_using"})
    assert sum(part.is_kept for part in parts) > 2 * len(whole)
