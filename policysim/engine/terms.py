"""Terms: what a value is made of, as it is read in the source of a rule (policysim/engine/flow.py)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

MOST_TERMS = 160
"""So many summands of a value are told apart; of more it is only said what they mention."""


@dataclass(frozen=True, order=True)
class Mention:
    """A field of a record, with what stands in its brackets; a state by its name (`record` is then `state`); a `number`."""

    record: str
    field: str
    index: str = ""


Mentions = frozenset[Mention]
DRAWN = Mention("luck", "draw")
"""A number drawn."""


@dataclass(frozen=True)
class Guard:
    """A condition, whether it must hold, and what it mentions."""

    text: str
    holds: bool
    mentions: Mentions
    won: Mentions | None = None
    """Where a draw tells between ways that compete (`u < work`, or `left < 0` once work was taken from it): what has won."""
    lost: Mentions | None = None
    """And what has not."""


@dataclass(frozen=True)
class Term:
    """One summand: the product of its factors, added (1) or taken away (-1) where all guards are so.

    `damps` marks the y of `1 - y`: what is multiplied by that keeps its sign.
    """

    sign: int
    factors: Mentions
    guards: tuple[Guard, ...] = ()
    damps: bool = False
    place: tuple[str, int] = ("", 0)
    """Function and line of what is mentioned first."""

    def times(self, other: "Term") -> "Term":
        """The product of both."""
        sign = (1 if self.damps else self.sign) * (1 if other.damps else other.sign)
        place = max(self.place, other.place, key=lambda place: place[1] > 0 and bool(place[0]))
        return Term(sign, self.factors | other.factors, both(self.guards, other.guards), False, place)

    @property
    def mentions(self) -> Mentions:
        """All that it mentions, in its conditions too."""
        return self.factors.union(*(guard.mentions for guard in self.guards))


Terms = tuple[Term, ...]


@dataclass(frozen=True)
class Write:
    """One place in which a field of the person is given a value."""

    field: str
    text: str
    terms: Terms
    guards: tuple[Guard, ...]
    function: Callable
    line: int

    @property
    def depends_on(self) -> Mentions:
        """What the value and its conditions mention; of ways that compete for one draw only what makes this one."""
        own = {guard for term in self.terms for guard in term.guards} - set(self.guards)
        found = frozenset[Mention]().union(*(t.factors for t in self.terms), *(guard.mentions for guard in own))
        return found | said_by(self.guards)


def said_by(guards: Collection[Guard]) -> Mentions:
    """What conditions rest on together: of ways that compete for one draw what makes the one that has won, and nothing else."""
    none = frozenset[Mention]()
    others = none.union(*(guard.lost or () for guard in guards))
    ways = [guard.won for guard in guards if guard.won]
    told = [guard.mentions for guard in guards if guard.won is None and guard.lost is None]
    if not ways:
        return none.union(*told) - others
    narrow = [way for way in ways if not any(other < way for other in ways)]
    return none.union(*(way if _met(way) and not _met(way - others) else way - others for way in narrow))


def _met(mentions: Mentions) -> bool:
    """Whether any of it is what institutions set where people live."""
    return any(mention.record == "here" for mention in mentions)


@dataclass
class Flow:
    """What a rule leaves in the fields of a person, and every place in which it writes one."""

    fields: dict[str, Terms] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)


def both(one: Sequence[Guard], other: Sequence[Guard]) -> tuple[Guard, ...]:
    """Conditions of both, each once."""
    return tuple(dict.fromkeys((*one, *other)))


def joined(*parts: Terms) -> Terms:
    """All the terms, each once; one that holds under more conditions than its like says nothing more."""
    found = list(dict.fromkeys(term for part in parts for term in part))
    free = {(term.sign, term.factors) for term in found if not term.guards}
    found = [term for term in found if not term.guards or (term.sign, term.factors) not in free]
    return tuple(found) if len(found) <= MOST_TERMS else gathered(found)


def merged(states: Sequence[dict[str, Terms]]) -> dict[str, Terms]:
    """What is known after ways that lead to one place."""
    keys = dict.fromkeys(key for state in states for key in state)
    return {key: joined(*(state.get(key, ()) for state in states)) for key in keys}


def gathered(terms: Iterable[Term]) -> Terms:
    """One term that mentions all: what is too long to be told apart."""
    found = frozenset[Mention]().union(*(term.mentions for term in terms))
    return (Term(1, found),) if found else ()


def product(one: Terms, other: Terms) -> Terms:
    """Every term of the one with every term of the other."""
    return joined(tuple(a.times(b) for a in one for b in other))
