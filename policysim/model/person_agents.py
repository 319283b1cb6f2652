"""People as Mesa agents: everyone in the Python engine, whoever was asked for in the compiled one."""

from typing import TYPE_CHECKING, Any

import numpy as np

from policysim.agents.institutions.institution import Institution
from policysim.engine.own_helpers import is_lived_for
from policysim.errors import UserError
from policysim.vocabulary.numbers import plain
from policysim.vocabulary.reasons import shown

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel


class ByClass(dict):
    """Agents by class; a class of one's own stands for the one that is derived from it to be lived by."""

    def __missing__(self, kind: type) -> Any:
        lived = next((each for each in self if is_lived_for(each, kind)), None)
        if lived is None:
            raise KeyError(kind)
        return self[lived]

    def __contains__(self, kind: object) -> bool:
        return super().__contains__(kind) or any(is_lived_for(each, kind) for each in self)

    def get(self, kind: type, default: Any = None) -> Any:
        """The agents of a class, or the other where there are none."""
        try:
            return self[kind]
        except KeyError:
            return default


def agents_by_class(model: "DrugPolicyModel") -> ByClass:
    """The model's agents by class, as Mesa has them."""
    return ByClass(model._agents_by_type)


class PersonAgents:
    """The agents over rows of the model's people; each reads and writes its own row and keeps its number for life."""

    def __init__(self, model: "DrugPolicyModel"):
        self.model = model
        self.living: dict[int, Any] = {}
        """In the Python engine everyone who is present, by row."""
        self.asked_for: dict[int, Any] = {}
        """In the compiled engine whoever was asked for."""

    def of_row(self, row: int) -> Any:
        """The living agent of a row, in the Python engine."""
        return self.living[row]

    def admit(self, rows: np.ndarray) -> None:
        """Make agents of people who are present from now on."""
        for row in rows.tolist():
            self.living[row] = self._new(row)
        self.model.state.living = list(self.living.values())

    def change_roles(self, touched: np.ndarray) -> None:
        """A change of role re-registers the same agent, with the same number, in the other class."""
        present = self.model.records["present"]
        gone = [row for row in touched.tolist() if row in self.living and not present[row]]
        for row in gone:
            self.living.pop(row).remove()
        for agent in self.living.values():
            self._put_in_role(agent)
        if gone:
            self.model.state.living = list(self.living.values())

    def person(self, row: int) -> Any:
        """One person as a Mesa agent, in either engine; raises UserError if nobody has that number."""
        row = self.number(row)
        if row in self.living:
            return self.living[row]
        if row not in self.asked_for:
            self.asked_for[row] = self._new(row)
        self._put_in_role(self.asked_for[row])
        return self.asked_for[row]

    def number(self, row: int) -> int:
        """The number of somebody, without an agent being made; raises UserError if nobody has it."""
        size = self.model.records.size
        row = plain(row)
        if isinstance(row, bool) or not isinstance(row, int) or not 0 <= row < size:
            raise UserError(f"there is no person {shown(row)}; people are numbered 0 to {size - 1}")
        return row

    def collect(self, collector: Any) -> None:
        """Have the week collected; who asks for values of people gets those of everyone present, in either engine.

        Raises UserError where an agent has no such value.
        """
        if self.model.engine_name != "python" and _asks_people(collector):
            self._hand_out_everyone()
        try:
            collector.collect(self.model)
        except AttributeError as error:
            raise UserError(
                f"the datacollector cannot be filled: {error} (agent_reporters ask institutions too; those of people alone are "
                "asked by agenttype_reporters={Person: {...}}, with Person from policysim.rules)"
            ) from error

    def _hand_out_everyone(self) -> None:
        """Everyone present is an agent, in the role of the day, and nobody else is."""
        present = self.model.records["present"]
        for row in [row for row in self.asked_for if not present[row]]:
            self.asked_for.pop(row).remove()
        for row in np.flatnonzero(present).tolist():
            self.person(row)

    def _new(self, row: int) -> Any:
        return self._role_of(row)(self.model, self.model.people, row)

    def _role_of(self, row: int) -> type:
        return self.model.roles[int(self.model.records["role"][row])]

    def _put_in_role(self, agent: Any) -> None:
        role = self._role_of(agent.row)
        if type(agent) is not role:
            self.model.deregister_agent(agent)
            agent.__class__ = role
            self.model.register_agent(agent)
            agent.unique_id = agent.row  # from 3.5 on Mesa numbers whoever is registered anew


def _asks_people(collector: Any) -> bool:
    """Whether a collector has reporters that are asked of people."""
    kinds = getattr(collector, "agenttype_reporters", {})
    return bool(getattr(collector, "agent_reporters", {})) or any(not issubclass(kind, Institution) for kind in kinds)
