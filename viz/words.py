"""What the report and the page say: note and help lines, limits, settings, the question."""

from pydantic.fields import FieldInfo

from policysim.experiments.analysis.numbers import percent
from policysim.experiments.analysis.wording import listed, plural
from policysim.levers.lever import Lever
from policysim.viz.digest import Digest

CONTENT_NOTE = (
    "This page is about deaths from drug poisoning, overdose, suicide and prison. People you read it with may"
    " be bereaved."
)
HELP_LINES = (
    ("FRANK", "0300 123 6600", "about drugs, in confidence"),
    ("Samaritans", "116 123", "at any time, free, for anyone in distress"),
)
LIMITS = (
    "It explores policies in the aggregate. Nothing in it may be used for a decision about a person.",
    "The counts are estimates of a simulation, not a forecast. Read the differences between regimes, which "
    "share seeds, people and luck, rather than the levels.",
    "Intervals over seeds show the luck of the seeds only. How little is known of the numbers that are assumed shows in "
    "the intervals over what nobody knows, where parameters were drawn; what the model leaves out shows in neither.",
    "Deaths are counted in the week in which they happen. Published counts go by the date of registration, "
    "often a year or more later; that delay is not modelled in these counts.",
    "The model follows people aged 10 to 64, and up to 79 those who have ever been dependent. Published "
    "totals include older people.",
    "Neighbourhoods are synthetic. What is not the place's own published figure is carried over from national rates.",
    "Prevention at school reaches people decades before the age at which most drug deaths happen: ten years "
    "cannot show its effect on deaths.",
    "Spending is what the model follows of four purses, not a full economic evaluation.",
)


# --- levers and the question ------------------------------------------------------------------------------------------
def settings_of(lever: Lever) -> list[str]:
    """A lever's settings in words, its own first; coverage, start and ramp only where they are not the usual ones."""
    found = []
    for name, field in type(lever).model_fields.items():
        value = getattr(lever, name)
        if name == "coverage":
            text = "" if value == 1 else f"coverage {value:.0%}"
        elif name == "start_week":
            text = f"from week {value} of the run" if value else ""
        elif name == "ramp_weeks":
            usual = value == field.default
            text = "" if usual else f"in full after {value} weeks" if value else "in full at once"
        else:
            text = "" if value is None else setting_in_words(name, value, field)
        found.append((name in ("coverage", "start_week", "ramp_weeks"), text))
    return [text for shared, text in sorted(found, key=lambda pair: pair[0]) if text] or ["coverage 100%"]


def what_is_set(name: str, field: FieldInfo) -> str:
    """What a setting is, in a few words: its description without what comes after."""
    return (field.description or name).split(":")[0].split(";")[0].split(", at full")[0]


def setting_in_words(name: str, value: float | str | bool, field: FieldInfo) -> str:
    """One setting with its value: `share of officers who carry it: 80%`."""
    what = what_is_set(name, field)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{what}: {value}"
    if what.startswith(("relative", "extra")):
        return f"{what.split(' relative to')[0]}: {percent(value)}"
    most = [bound.le for bound in field.metadata if hasattr(bound, "le")]
    if isinstance(value, float) and most == [1]:
        return f"{what}: {value:.0%}"
    return f"{what}: {value:g}"


def question(digest: Digest) -> str:
    """What the comparison asks, in one sentence."""
    horizon = f"In {where(digest)} over {plural(digest.scenario.years, 'year')}, what"
    matters = "to deaths, arrests and treatment entry"
    names = [digest.names[name].lower() for name in digest.others]
    if not names:
        return f"{horizon} happens {matters} under the status quo?"
    against = ", against the status quo" if digest.has_comparator else ""
    if len(names) == 1:
        return f"{horizon} does the regime of {names[0]} do {matters}{against}?"
    return f"{horizon} do {listed(names)} regimes do {matters}{against}?"


def where(digest: Digest) -> str:
    """The place with what kind of place it is."""
    place = digest.place
    kinds = {"force": "the {} police force area", "authority": "{}", "nation": "{}", "whole": "{}"}
    return kinds.get(place.kind, "{}").format(place.name)
