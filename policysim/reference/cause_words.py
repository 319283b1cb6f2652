"""Words for the graph of causes: groups and labels from what the registry says, conditions from the code."""

import re
from collections.abc import Sequence

from policysim.engine.terms import Term

GROUPS: tuple[tuple[str, str], ...] = (
    ("what is taught", r"lesson|scare|taught|teach|talk"),
    ("loss", r"bereave|grief|death|loss"),
    ("law", r"custod|record|convict|exploit|arrest|caution|line"),
    ("family and early years", r"pre_school|parenting|family|early_help|of_label"),
    ("school", r"school|exclu|suspen|pupil|truan|ethos|belonging|campus|universit"),
    ("work and home", r"work|job|employ|hous|home"),
)
"""Groups of causes by the words that their numbers and fields have; whoever looks first finds first."""
BEGINNING = (
    r"^(spread of )?(risk|resilience)( and resilience)?( at rest)?,? ?(added|taken|lost)? ?(by |from |of |per )?"
)
"""How the meaning of a number begins that says what something adds to a balance."""
EARLY, OTHER = "early life", "people around, and all else"


def group(name: str, fields: Sequence[str], meaning: str) -> str:
    """The group of a cause, by the words of its number and of the fields by which it is told."""
    if "trait" in name or "at_rest" in name or "at rest" in meaning:
        return EARLY
    words = (name, " ".join(fields))
    return next((group for text in words for group, pattern in GROUPS if re.search(pattern, text)), OTHER)


def label(meaning: str, key: str) -> str:
    """What the number is of, in few words."""
    text = re.split(r"[:;(]| just after | that nothing ", meaning)[0]
    text = re.sub(BEGINNING, "", text).strip()
    if " just after " in meaning:
        text = re.split(r"[:;(]", meaning.partition(" just after ")[2])[0].strip()
    text = text.split(",")[0].strip() or meaning
    if "that nothing" in meaning:
        text = "what has no name"
    return f"{text}: {key}" if key else text


def when(terms: Sequence[Term], key: str, told: Sequence[str]) -> str:
    """The conditions in words; of a table with the key of the row."""
    guards = {(g.text, g.holds): None for term in terms for g in term.guards}
    texts = [in_words(text) if holds else f"not ({in_words(text)})" for text, holds in guards]
    where = [f"{' or '.join(told)} is {key}"] if key and not texts else [f"of {key}"] if key else []
    if not texts and not where and told:
        where = [", ".join(told)]
    return "; ".join([*where, *texts])


def in_words(text: str) -> str:
    """A condition without the words of the code that say nothing."""
    text = re.sub(r"\bself\.", "", text)
    return re.sub(r"\b([A-Z]\w+)\.([A-Z_]+)\b", lambda found: found.group(2).lower().replace("_", " "), text)


def holding(when: str) -> str:
    """The conditions that must hold, without those that must not."""
    return "; ".join(part for part in when.split("; ") if not part.startswith("not ("))
