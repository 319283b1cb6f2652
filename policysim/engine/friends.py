"""Counts of friends that a class of people declares, as `friends_in_care = Friends(lambda friend: friend.care > 0)`.

They are kept by the model (policysim/network/counted.py) and read by rules like any other field.
"""

import ast
import inspect
from collections.abc import Callable

import numpy as np

from policysim.engine.condition import Condition, expression_of
from policysim.engine.declaring import declared_at
from policysim.engine.fields import Field, fields_of
from policysim.engine.ranges import FieldError
from policysim.engine.reads import accesses, everything
from policysim.engine.syntax import place_of
from policysim.errors import UserError

BEFORE = -1
"""What a person's `..._since` says where the condition held already when counting began: since when is not known."""
HOW = "Friends(lambda friend: friend.care >= Care.AGONIST)"


class Friends(Field):
    """How many friends and household members a condition holds of, as of the end of last week.

    condition: a lambda or a helper of one argument, a simple expression of the friend's own fields. Friends count while they
    are present; with `died` those count who have died, whoever they were, or of whom the condition holds as well. `weeks`
    counts each friend for so many weeks after it began to hold and no longer. `network` counts others in their place: those
    whom a function of one's own ties to somebody (policysim/network/own.py), or of the model's own ties those of a kind.
    """

    once = True

    def __init__(
        self, condition: Callable | None = None, *, died: bool = False, weeks: int | None = None,
        network: Callable | str | None = None,
    ):  # fmt: skip
        place = declared_at()
        if condition is None and not died and network is None:
            raise UserError(f"{place}: Friends(...) takes what holds of the friends who count, as in {HOW}")
        if condition is not None and not inspect.isfunction(condition):
            raise UserError(f"{place}: Friends(...) takes a lambda or a helper, as in {HOW}, not {condition!r}")
        if weeks is not None and (isinstance(weeks, bool) or not isinstance(weeks, int) or weeks < 1):
            raise UserError(f"{place}: weeks is a whole number from 1 on, not {weeks!r}")
        if network is not None and not isinstance(network, str) and not inspect.isfunction(network):
            raise UserError(
                f"{place}: network is a function (people, luck) that returns the rows of both ends of each tie, or the name of a "
                f"kind of tie, as in network='household', not {network!r}"
            )
        # The model's own ties are few enough for a byte.
        super().__init__("i2" if callable(network) else "i1", "friends who count", "count", 0)
        self.condition, self.died, self.weeks, self.network, self.since = condition, died, weeks, network, ""
        self.meaning = self._in_words()

    def __set_name__(self, owner, name):
        super().__set_name__(owner, name)
        self.since = f"{name}_since"
        field = Field("i2", f"week after that from whose end the person counts in {name} of friends; 0 if they do not, "
                      "-1 if since before counting began", "weeks", BEFORE)  # fmt: skip
        field.place = self.place
        setattr(owner, self.since, field)
        field.__set_name__(owner, self.since)

    def __set__(self, agent, value):
        raise FieldError(f"sets {self.path}, a count of friends, which the model keeps; a rule reads it")

    def _in_words(self) -> str:
        called = self.network if isinstance(self.network, str) else getattr(self.network, "__name__", None)
        who = "friends and household members" if called is None else f"those tied by {called.replace('_', ' ')}"
        who += " who died" if self.died else ""
        lasting = f", each for {self.weeks} weeks" if self.weeks else ""
        try:
            return f"{who}{f': {ast.unparse(expression_of(self.condition)[1])}' if self.condition else ''}{lasting}"
        except UserError:  # told when people are made
            return who + lasting


def friends_in(fields: dict[str, Field]) -> list[Friends]:
    """The counts of friends among fields, each once."""
    return [field for field in fields.values() if isinstance(field, Friends)]


def condition_of(friends: Friends, fields: dict[str, Field], counted: tuple[str, ...]) -> Condition | None:
    """What it asks of a friend; None where that is nothing. `counted` are other counts of friends.

    Raises UserError for what is no simple expression of the friend's fields, or goes by friends of the friend.
    """
    if friends.condition is None:
        return None
    found = Condition(friends.condition, {name: field.shape for name, field in fields.items()})
    own = {name for each in friends_in(fields) for name in (each.name, each.since)}
    second_hand = sorted(found.fields & (own | set(counted)))
    if second_hand:
        raise UserError(
            f"{friends.place}: {friends.name} goes by friend.{second_hand[0]}, itself told by friends; a condition goes by what "
            "friends themselves are"
        )
    return found


def check_counts(roles: tuple[type, ...], decisions: tuple[Callable, ...]) -> None:
    """Raise UserError for a rule that writes a count of friends."""
    kept = {name for friends in friends_in(fields_of(roles)) for name in (friends.name, friends.since)}
    for function, role in everything(roles, decisions) if kept else ():
        for access in accesses(function, role):
            if access.writes and access.record == "self" and access.field in kept:
                raise UserError(
                    f"{place_of(access.function, access.node)} writes self.{access.field}, a count of friends, which the model "
                    "keeps; a rule reads it"
                )


def is_counted(since: np.ndarray, week: int, weeks: int | None) -> np.ndarray:
    """Who of these counts at the end of a week, by what stands in their `..._since`."""
    return since != 0 if weeks is None else since > max(week + 1 - weeks, 0)
