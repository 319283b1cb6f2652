"""What is published of levers' effects: every lever has its say, and each measure becomes the difference that it means."""

import math
from pathlib import Path

import pytest

from policysim.errors import UserError
from policysim.evidence.effects import COLUMNS, MEASURES, Published, published_effects, read_effects

HEAD = ",".join(COLUMNS)
USUAL = {"deaths": 100.0, "opiate_deaths": 90.0, "in_agonist_treatment": 1000.0, "hidden": 500.0, "searches": 5000.0}
MORE = {"in_agonist_treatment": 100.0, "searches": 700.0}


def said(measure: str, **changes: object) -> Published:
    plain = dict.fromkeys(COLUMNS, "") | {"lever": "l", "outcome": "deaths", "measure": measure, "horizon": "any"}
    return Published(**plain | {"value": 0.5, "low": math.nan, "high": math.nan, "evidence": ()} | changes)  # type: ignore[arg-type]


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "effects.csv"
    path.write_text("\n".join((HEAD, *rows)) + "\n")
    return path


GOOD = "agonist_treatment,deaths,ratio,0.5,0.4,0.6,B1.09,people in treatment,any,,,,all deaths,"


def test_each_measure_is_the_difference_that_it_means() -> None:
    assert said("ratio").difference(0.5, USUAL, MORE) == -50
    assert said("ratio", base="opiate_deaths").difference(0.5, USUAL, MORE) == -45
    assert said("relative change").difference(-0.1, USUAL, MORE) == -10
    assert said("per delivered", reached="searches").difference(0.1, USUAL, MORE) == 70


def test_a_ratio_of_those_reached_moves_so_many_people_from_one_rate_to_the_other() -> None:
    """1,000 people at half the rate and 500 at the whole one have 100 deaths: 0.1 and 0.05 each; 100 more move over."""
    found = said("ratio of those reached", reached="in_agonist_treatment", others="hidden").difference(0.5, USUAL, MORE)
    assert found == pytest.approx(100 * (0.05 - 0.1))
    nobody = USUAL | {"in_agonist_treatment": 0.0, "hidden": 0.0}
    assert math.isnan(
        said("ratio of those reached", reached="in_agonist_treatment", others="hidden").difference(0.5, nobody, MORE)
    )


def test_at_its_null_a_published_effect_is_no_difference() -> None:
    nulls = {"ratio": 1.0, "relative change": 0.0, "per delivered": 0.0, "ratio of those reached": 1.0}
    assert nulls.keys() == MEASURES.keys()
    for measure, null in nulls.items():
        row = said(measure, reached="in_agonist_treatment", others="hidden")
        assert row.difference(null, USUAL, MORE) == 0


def test_what_was_measured_over_other_years_does_not_fit() -> None:
    assert said("ratio").fits(3) and said("ratio", horizon="2").fits(2) and not said("ratio", horizon="2").fits(3)


def test_the_shipped_table_is_sound_and_every_figure_of_it_known() -> None:
    for rows in published_effects().values():
        assert all(bool(row.why_none) != bool(row.measure) for row in rows)


WRONG = {
    "measure": (GOOD.replace("ratio", "ration"), "there is no measure 'ration'; did you mean 'ratio'?"),
    "evidence": (GOOD.replace("B1.09", "B1.099"), "there is no evidence 'B1.099'; did you mean 'B1.09'?"),
    "population": (GOOD.replace("people in treatment", ""), "needs its population"),
    "carried": (GOOD.replace("all deaths", ""), "needs its carried"),
    "reached": (GOOD.replace("ratio", "per delivered"), "needs its reached"),
    "horizon": (GOOD.replace("any", "soon"), "the horizon must be a whole number of years or 'any', not 'soon'"),
    "number": (GOOD.replace("0.5", "half"), "value, low and high must be numbers or empty"),
    "no value": (GOOD.replace("0.5", ""), "the value is missing"),
    "interval": (GOOD.replace("0.6", "0.45"), "the value 0.5 lies outside its interval 0.4 to 0.45"),
    "both": (GOOD + "nothing is known", "a row that says why nothing is published has no measure"),
    "lever": (GOOD.replace("agonist_treatment,", ",", 1), "the row names no lever"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_row_is_told_with_its_line(tmp_path: Path, what: str) -> None:
    row, told = WRONG[what]
    with pytest.raises(UserError) as fault:
        read_effects(table(tmp_path, row))
    assert told in str(fault.value) and "line 2" in str(fault.value)


def test_a_lever_has_no_effect_and_a_reason_why_it_has_none(tmp_path: Path) -> None:
    none = "agonist_treatment" + "," * (len(COLUMNS) - 1) + "nothing is published"
    with pytest.raises(UserError, match="agonist_treatment has a published effect and a row that says why it has none"):
        read_effects(table(tmp_path, GOOD, none))
