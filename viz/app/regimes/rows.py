"""What the parts of the room show, as plain values that go to the browser."""

from collections.abc import Mapping
from functools import cache

from policysim.evidence.contested import Switch, switches
from policysim.experiments.analysis.wording import sentence_case
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever
from policysim.reference.lever_words import COMMON, Row
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.viz.app.choices import YEARS, Choices
from policysim.viz.app.regimes.card import LAWFUL, row_of
from policysim.viz.app.regimes.draft import Draft
from policysim.viz.app.regimes.fields import RAMPS, START_YEAR, Fault, fields, month_of, when
from policysim.viz.style import regime_styles
from policysim.viz.words import setting_in_words
from policysim.vocabulary.time import WEEKS_PER_YEAR

SEARCHED = ("title", "group", "what", "path", "reach", "outcome_label", "process_label", "caution")
"""Of what is said of a lever, where words that are typed are looked for."""


@cache
def groups() -> tuple[Row, ...]:
    """Every lever by group, in the order of its catalogue."""
    found: dict[str, list[Row]] = {}
    for id, lever in LEVERS.items():
        row = row_of(id)
        text = " ".join([*(str(row[name]) for name in SEARCHED), *row["payers"], id.replace("_", " ")]).lower()
        found.setdefault(lever.group, []).append(
            {"id": id, "title": lever.title, "mark": LAWFUL.get(lever.lawful, lever.lawful), "text": text}
        )
    return tuple({"name": sentence_case(name), "entries": levers} for name, levers in found.items())


def lever_rows(draft: Draft, faults: Mapping[str, Mapping[str, Fault]], years: int) -> list[Row]:
    """The levers of a regime with their settings; `years` is the horizon of the comparison."""
    return [_lever_row(lever, faults.get(id, {}), years) for id, lever in draft.levers.items()]


def _lever_row(lever: Lever, faults: Mapping[str, Fault], years: int) -> Row:
    begins = START_YEAR + lever.start_week // WEEKS_PER_YEAR
    ramps = RAMPS if lever.ramp_weeks in RAMPS else {**RAMPS, lever.ramp_weeks: f"over {lever.ramp_weeks} weeks"}
    late = lever.start_week >= years * WEEKS_PER_YEAR
    end = f"It would begin after the {years} years of the comparison: choose an earlier beginning, or more years."
    return {
        "id": lever.id,
        "title": lever.title,
        "mark": LAWFUL.get(lever.lawful, lever.lawful),
        "words": in_words(lever),
        "late": end if late else "",
        "fields": fields(lever, faults),
        "month": month_of(lever.start_week),
        "year": begins,
        "years": sorted({*range(START_YEAR, START_YEAR + max(YEARS)), begins}),
        "ramp": lever.ramp_weeks,
        "ramps": [{"weeks": weeks, "words": words} for weeks, words in sorted(ramps.items())],
    }


def in_words(lever: Lever) -> str:
    """How a lever is set, in a line: its own settings, coverage where it is not all, when it begins where that is later."""
    own = []
    for name, field in type(lever).model_fields.items():
        value, said = getattr(lever, name), row_of(lever.id)["settings"][name]
        if name not in COMMON and value is not None and value != said["null"]:
            own.append(setting_in_words(name, value, field))
    covered = [] if lever.coverage == 1 else [f"coverage {lever.coverage:.0%}"]
    begins = [f"from {when(lever.start_week, START_YEAR)}"] if lever.start_week else []
    grows = (
        f"grows {RAMPS.get(lever.ramp_weeks, f'over {lever.ramp_weeks} weeks')}"
        if lever.ramp_weeks
        else "in full at once"
    )
    return sentence_case("; ".join([*own, *covered, *begins, grows])) + "."


def questions(draft: Draft, readings: Mapping[str, str]) -> tuple[list[Row], list[Row]]:
    """Contested questions that bear on a regime, and the others; with the readings that are taken."""
    bearing = draft.questions
    rows = {id: _question(switch, readings.get(id, switch.usual.id)) for id, switch in switches().items()}
    return [rows[id] for id in rows if id in bearing], [rows[id] for id in rows if id not in bearing]


def _question(switch: Switch, taken: str) -> Row:
    return {
        "id": switch.id,
        "question": switch.question,
        "taken": taken,
        "readings": [
            {"id": one.id, "says": sentence_case(one.says), "usual": one is switch.usual} for one in switch.readings
        ],
    }


def compared_rows(known: Mapping[str, Regime], own: Mapping[str, Regime], choices: Choices) -> list[Row]:
    """Every regime that can be compared, with its colour there; the session's own can be edited and removed."""
    chosen = [id for id in known if id == STATUS_QUO or id in choices.regimes]
    styles = regime_styles([*chosen, *(id for id in known if id not in chosen)])
    return [
        {
            "id": id,
            "name": regime.name,
            "colour": styles[id].colour,
            "ink": styles[id].ink,
            "own": id in own,
            "fixed": id == STATUS_QUO,
            "chosen": id in chosen,
            "state": "always there, as the comparator"
            if id == STATUS_QUO
            else "compared"
            if id in chosen
            else "not compared",
        }
        for id, regime in known.items()
    ]
