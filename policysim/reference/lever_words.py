"""What is said of a lever in words, from its row: the same on its page in a terminal and on its card in a browser."""

from collections.abc import Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]
COMMON = ("coverage", "start_week", "ramp_weeks")
"""Settings that every lever has."""
EXPECTED = {
    "rises": "by the evidence cited below it rises",
    "falls": "by the evidence cited below it falls",
    "stays": "by the evidence cited below it does not change",
}
ALONE = "when this is pulled alone it is not expected to change"
LAWFUL = {"yes": "yes", "under licence": "under a licence", "no": "no: the law would have to change"}
QUALITY = {
    "verified": "a published figure, read at its source",
    "secondary": "a published figure, read in a report of it",
    "derived": "arithmetic on published figures",
    "unverified": "a published figure that was not read at its source yet",
    "assumed": "nobody measured it: a wide range of ours",
    "fitted": "set so that the model lands on published counts",
    "definition": "a definition",
}
STATUS = {
    "verified": "read at its source",
    "verified-secondary": "read in a report or copy of it",
    "derived": "arithmetic on other figures",
    "founding-document": "a claim of a founding document, to be tested",
    "unverified": "not read at its source yet",
    "assumed": "a guess of ours",
}


def told(row: Row, ids: bool = True) -> Iterator[tuple[str, str]]:
    """The heads and what stands beside each; with the ids of outcomes, levers and questions, or in plain words alone."""

    def named(words: str, id: str) -> str:
        return f"{words} ({id})" if ids else words

    yield "Group", sentence(row["group"])
    yield "What it is", sentence(row["what"])
    yield "How it acts", sentence(row["path"])
    yield "Whom it reaches", sentence(row["reach"])
    expected = ALONE if row["scales"] else EXPECTED.get(row["expected"], row["expected"])
    yield "What it is for", row["outcome"] and f"{named(row['outcome_label'], row['outcome'])}: {expected}."
    scaled = _listed(named(one["title"], one["id"]) for one in row["scales"])
    yield (
        "What it scales",
        scaled and f"{scaled}. Pull it beside one of them: alone it has none of their effect to enlarge.",
    )
    yield "Delivery shows in", f"{named(row['process_label'], row['process'])}."
    yield "Lawful today", sentence(LAWFUL.get(row["lawful"], row["lawful"]))
    yield "Bear in mind", sentence(row["caution"])
    for one in row["contested"]:
        yield (
            "Contested",
            f"{one['question']} Usually read so: {one['usual']}. Or so: {named(one['other'], one['id'])}.",
        )
    yield "What it costs", _cost(row["unit_cost"], row["payers"])
    documented = ", ".join(f"{name} {number(value)}" for name, value in row["documented"].items())
    yield "As documented", documented and f"{documented}: so far 'policysim effects' pulls it."
    yield (
        "Documents",
        "asked for or warned of by " * bool(row["documents"])
        + _listed(f"{one['key']}: {one['title']}" for one in row["documents"]),
    )
    yield "Pulled by", _listed(_regime(one) for one in row["regimes"]) or "No regime that is shipped."


def _cost(cost: Row | None, payers: list[str]) -> str:
    """The unit cost with its range, who pays it and how good the figure is."""
    if cost is None:
        return ""
    limits = "" if cost["low"] is None else f" (£{number(cost['low'])} to £{number(cost['high'])})"
    quality = QUALITY.get(cost["quality"], cost["quality"])
    *others, last = payers
    paid = f"the {', '.join(others)} and {last} purses pay" if others else f"the {last} purse pays"
    return (
        f"£{number(cost['value'])}{limits} for {cost['meaning']}; {paid}. The figure is {cost['quality']}, "
        f"{quality} ({cost['source']})."
    )


def _regime(one: Row) -> str:
    settings = ", ".join(f"{name} {number(value)}" for name, value in one["settings"].items())
    return f"{one['name']} ({settings or 'as usual'})"


def limits(said: Row) -> str:
    """Between what a setting can lie."""
    low, high = said["low"], said["high"]
    return " to ".join(number(limit) for limit in (low, high) if limit is not None)


def number(value: Any) -> str:
    """A value of a setting or a cost as it is written."""
    if value is None:
        return "none"
    return str(value) if isinstance(value, bool) or not isinstance(value, int | float) else f"{value:,.10g}"


def sentence(text: str | None) -> str:
    """With a capital, and a full stop at the end."""
    text = (text or "").strip()
    return text and text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _listed(parts: Iterator[str]) -> str:
    return "; ".join(parts)
