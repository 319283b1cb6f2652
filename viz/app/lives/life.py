"""In a worker: lives as the page tells them, small enough to be handed over, in words without blame."""

from dataclasses import dataclass
from typing import Any

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.wording import listed
from policysim.experiments.lives import words
from policysim.experiments.lives.saying import decided, differences_in_words, edited_in_words
from policysim.experiments.lives.several import Several, Wanted, several
from policysim.experiments.lives.timeline import standing, standing_at_end, told_weeks
from policysim.experiments.lives.trace import Trace
from policysim.experiments.running.burn_ins import BurnIns
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Tell, untold
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.marks import (
    CareMark,
    CustodySuiteMark,
    DrinkingMark,
    ExploitationMark,
    HarmReductionMark,
    JusticeMark,
    LifeMark,
    OverdoseMark,
    PoliceMark,
    SchemeMark,
    SupervisionMark,
    SupportMark,
    UseMark,
    YouthMark,
)
from policysim.vocabulary.states import Life as Presence
from policysim.vocabulary.states import Substance, Use

KINDS: dict[str, tuple[type[Mark], ...]] = {
    "life": (LifeMark,),
    "overdose": (OverdoseMark,),
    "court": (JusticeMark, SupervisionMark, YouthMark),
    "care": (CareMark, SupportMark),
    "use": (UseMark, DrinkingMark),
    "police": (PoliceMark, SchemeMark, CustodySuiteMark, ExploitationMark),
    "help": (HarmReductionMark,),
}
"""Kinds of events, the gravest first; whatever else happens is of the kind `other`."""
ILLUSTRATED = {
    "life": "expected_deaths", "justice": "imprisoned", "care": "treatment_entries", "dependent_on": "opiate_or_crack_users",
    "ever_dependent": "opiate_or_crack_users", "convictions": "convictions",
}  # fmt: skip
"""The outcome whose average stands beside a life, by the gravest field in which its paths differ."""
USUALLY = "arrests"
MOST_MET = 4
"""Differences in what was met that are listed."""


@dataclass(frozen=True)
class Event:
    """What happened in a week of the run, and the kind of the gravest of it."""

    week: int
    words: str
    kind: str


@dataclass(frozen=True)
class Lane:
    """A life under one regime, or under several that leave it the same."""

    regimes: tuple[str, ...]
    parts: int | None
    """The week in which it parts from the first lane."""
    events: tuple[Event, ...]
    last: int
    end: str
    ended: bool
    """Whether the person is no longer there."""


@dataclass(frozen=True)
class Parting:
    """What parted two paths in a week, in sentences."""

    week: int
    regimes: tuple[str, str]
    what: str
    why: str
    met: tuple[str, ...]
    """What was not the same for both; what alone would have been enough stands first."""


@dataclass(frozen=True)
class Telling:
    """One life under the regimes, in words."""

    who: str
    start: str
    lanes: tuple[Lane, ...]
    parting: Parting | None
    turning: Parting | None


@dataclass(frozen=True)
class Life:
    """A person's life, told without what is sensitive, and with it."""

    person: int
    area: str
    plain: Telling
    sensitive: Telling
    illustrates: str
    """An outcome's id."""

    def told(self, show_sensitive: bool) -> Telling:
        """One of the two."""
        return self.sensitive if show_sensitive else self.plain


@dataclass(frozen=True)
class Lives:
    """What a worker found: lives that part, those drawn at random, and those asked for by number."""

    parting: tuple[Life, ...]
    at_random: tuple[Life, ...]
    people: tuple[Life, ...]


def find_lives(task: Task, wanted: Wanted, tell: Tell = untold, *, starts: BurnIns | None = None) -> Lives:
    """Live the years under all regimes, and tell the lives that were wanted."""
    found = several(task, wanted, starts.start_of, tell) if starts else several(task, wanted, tell=tell)
    sensitive = found.shown(show_sensitive=True)
    lives = {person: _life(trace, sensitive[person]) for person, trace in found.traces.items()}
    return Lives(*(tuple(lives[person] for person in group) for group in _groups(found)))


def _groups(found: Several) -> tuple[list[int], list[int], list[int]]:
    return found.parting, found.at_random, found.people


def _life(trace: Trace, sensitive: Trace) -> Life:
    first = trace.lives[0].weeks[0].before
    area = trace.place.authorities[int(trace.areas[int(first["neighbourhood"][0])])].name
    outcome = ILLUSTRATED.get(trace.gravest or "", USUALLY)
    return Life(trace.person, area, telling(trace), telling(sensitive), OUTCOMES[outcome].id)


def telling(trace: Trace) -> Telling:
    """A trace in words."""
    first = trace.lives[0].weeks[0].before
    use = words.use_in_words(first["use"][0])
    return Telling(
        who=words.who(first, trace.show_sensitive), start=f"Use of drugs: {use}; {standing(first)}",
        lanes=tuple(_lanes(trace)), parting=_parting(trace, trace.parting), turning=_parting(trace, trace.turning),
    )  # fmt: skip


def _lanes(trace: Trace) -> list[Lane]:
    """A lane for each regime; those under which everything is the same share one."""
    found: dict[tuple, list[str]] = {}
    for k, life in enumerate(trace.lives):
        row = life.weeks[-1].after
        weeks = {trace.week_of_run(week): week.after for week in life.weeks}
        events = tuple(Event(week, told, _kind(weeks[week])) for week, told in told_weeks(trace, k).items())
        ended = int(row["life"][0]) != Presence.PRESENT
        key = (
            trace.partings.get(life.label), events, trace.week_of_run(life.weeks[-1]), _end(row), ended,
        )  # fmt: skip
        found.setdefault(key, []).append(life.label)
    return [Lane(tuple(regimes), *key) for key, regimes in found.items()]


def _end(row: Any) -> str:
    """How somebody stands at the end, and on what they depend then."""
    told = standing_at_end(row)
    if int(row["life"][0]) != Presence.PRESENT:
        return told
    on = [words.SUBSTANCES_IN_WORDS[one] for one in Substance if row["use"][0][one] == Use.DEPENDENT]
    return f"{told}; {'dependent on ' + listed(on) if on else 'not dependent'}"


def _kind(row: Any) -> str:
    """The gravest kind of what happened in a week."""
    carried = [mark for mark in words.carried(row) if not mark.statistic]
    return next(
        (kind for kind, parts in KINDS.items() if any(isinstance(mark, parts) for mark in carried)), "other"
    )  # fmt: skip


def _parting(trace: Trace, found: dict[str, Any] | None) -> Parting | None:
    if found is None:
        return None
    one, other = found["regimes"]
    enough = set(found["enough"])
    met = [
        (f"{record}.{name}" not in enough, _met(trace, record, name, values, found))
        for record in ("here", "world", "person")
        for name, values in found["met"].get(record, {}).items()
    ]
    told = tuple(text for _, text in sorted(met, key=lambda pair: pair[0])[:MOST_MET])
    return Parting(found["week"], (one, other), apart_in_words(found, trace), why(found), told)


def apart_in_words(found: dict[str, Any], trace: Trace) -> str:
    """What happened that week: under both, and under one alone."""
    said = {label: text.split("; ") for label, text in found["events"].items()}
    both = list(set.intersection(*map(set, said.values())))
    if not both or found["events"][found["regimes"][0]] == found["events"][found["regimes"][1]]:
        return differences_in_words(found, trace.meaning)
    parts = [f"Under both: {'; '.join(one for one in said[found['regimes'][0]] if one in both)}."]
    for label, events in said.items():
        alone = [one for one in events if one not in both]
        parts.append(f"Under {found['called'][label]} {'also: ' + '; '.join(alone) if alone else 'nothing more'}.")
    return " ".join(parts)


def _met(trace: Trace, record: str, name: str, values: dict[str, Any], found: dict[str, Any]) -> str:
    called = found["called"]
    told = ", ".join(f"{words.value_in_words(name, value)} under {called[label]}" for label, value in values.items())
    alone = " (this alone would have been enough)" if f"{record}.{name}" in found["enough"] else ""
    return f"{trace.meaning(name, record)}: {told}{alone}"


def why(found: dict[str, Any]) -> str:
    """What made the two weeks differ, in a sentence or two for people who know no statistics."""
    (one, other), called = found["regimes"], found["called"]
    if found["by"] == "others":
        return "It did not come from their own week, but from people they know or from who was before them on a list."
    draw = found["draw"]
    if draw is None:
        if found["by"] == "institution":
            return decided(found)
        return edited_in_words(found) or (
            "Their luck was the same; what differs is what they met that week, or what they brought to it."
        )
    chances = {
        label: f"{'at most ' if label in draw['at_most'] else ''}{_chance(limit)}"
        for label, limit in draw["thresholds"].items()
    }
    return (
        "Their luck was the same; the chance was not. Under "
        f"{called[one]} it was {chances[one]}, under {called[other]} {chances[other]}. {edited_in_words(found)}"
    ).rstrip()


def _chance(limit: float | None) -> str:
    """`63 in 100`, `2 in 10,000`, `none`."""
    if limit is None or limit <= 0:
        return "none"
    if limit >= 1:
        return "certainty"
    for base in (100, 1_000, 10_000, 100_000, 1_000_000):
        if limit * base >= 10:
            return f"{limit * base:.0f} in {base:,}"
    return "less than 1 in 100,000"
