"""What parted two lives, in plain words without blame: what was not the same that week, and what made it so."""

from collections.abc import Callable
from typing import Any

from policysim.experiments.lives import words
from policysim.scenarios.own_arms import BY
from policysim.scenarios.regime import STATUS_QUO, Regime, regimes

MOST_FIELDS = 3
"""Fields that a sentence names where no event differs."""
DECIDED = {
    "enter_treatment": "It was a service's decision: it turned on who else was waiting, and on how many places were free.",
    "sentence": "It was the court's doing: it turned on who else stood charged, on the court's time and on room in prison.",
}

DECIDED_OTHERWISE = (
    "It was decided by an institution: it turned on whom else it had to see, and on what it had to give."
)


def decided(parting: dict[str, Any]) -> str:
    """What an institution's decision turned on where no draw made the difference."""
    only, called = parting["only"], parting["called"]
    if only is not None and parting["met"].get("person"):
        return f"It was decided about them under {called[only]} alone: they did not stand alike any more when it came to that."
    told = [DECIDED.get(parting["rule"], DECIDED_OTHERWISE)]
    told += [f"They came to it under {called[only]} alone."] if only is not None else []
    levers = ", ".join(parting["levers"])
    return " ".join([*told, *([f"What the regimes set otherwise for whoever decides: {levers}."] if levers else [])])


def parting_in_words(parting: dict[str, Any], meaning: Callable[[str], str]) -> str:
    """The difference of one week, and what made it, in plain words."""
    what = differences_in_words(parting, meaning)
    enough = [meaning(name.partition(".")[2]) for name in parting["enough"]]
    alone = f" One thing alone would have been enough to change it: {'; or '.join(enough)}." if enough else ""
    return f"{what} {_cause(parting)}{alone}".strip()


def differences_in_words(parting: dict[str, Any], meaning: Callable[[str], str]) -> str:
    """What was not the same that week: events, or where none differs, what became of the person."""
    (one, other), called = parting["regimes"], parting["called"]
    events = parting["events"]
    if events[one] != events[other]:
        return f"Under {called[one]}: {events[one]}. Under {called[other]}: {events[other]}."
    return " ".join(
        f"{meaning(name).capitalize()}: {words.value_in_words(name, values[one])} under {called[one]}, "
        f"{words.value_in_words(name, values[other])} under {called[other]}."
        for name, values in list(parting["fields"].items())[:MOST_FIELDS]
    )


def _cause(parting: dict[str, Any]) -> str:
    (one, other), called = parting["regimes"], parting["called"]
    draw = parting["draw"]
    if parting["by"] == "others":
        return "It did not come from their own week but from someone they know."
    if draw is None and parting["by"] == "institution":
        return decided(parting)
    if draw is None:
        return edited_in_words(parting) or (
            "Every number drawn came out alike for both; what differed is what they brought to it or met there."
        )
    told = {
        name: "no chance of it" if limit is None else f"{'at most ' if name in draw['at_most'] else ''}{_small(limit)}"
        for name, limit in draw["thresholds"].items()
    }
    return (
        f"Both lives drew the same number, {_small(draw['value'])}; what it had to stay below was "
        f"{told[one]} under {called[one]}, and {told[other]} under {called[other]}. "
        f"{edited_in_words(parting)}"
    ).rstrip()


def edited_in_words(parting: dict[str, Any]) -> str:
    """That the two lives were not lived by the same rule; nothing where they were."""
    if parting["edited"] is None:
        return ""
    other = parting["called"][parting["regimes"][1]]
    return f"The rule itself is not the same: under {other} it is {parting['rule']} of {parting['edited']}."


def regime_in_words(regime: Regime) -> str:
    """What it is called inside a sentence: one of the project as a word among words, one of somebody's own as they named it."""
    stock, by, rules = regime.id.partition(BY)
    if stock not in regimes():
        return f"“{regime.name}”"
    name = regimes()[stock].name
    article = "the " if stock == STATUS_QUO else ""
    return f"{article}{name[0].lower()}{name[1:]}" + (f" by {rules.replace('-', ' ')}" if by else "")


def _small(value: float) -> str:
    return f"{value:.6f}" if abs(value) < 0.01 else f"{value:.4f}"
