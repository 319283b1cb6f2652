"""Counts by group: people at midyear and expected numbers add up, also of those at rest, and are told of the right people."""

import numpy as np
import pytest
from small_worlds import BUSY, model

from policysim.counts.counting import DIMENSIONS, GROUPS, stocks_by_group
from policysim.counts.series import MIDYEAR
from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import uses_now
from policysim.vocabulary.states import Substance
from policysim.vocabulary.stocks import Stock, Sum
from policysim.vocabulary.time import WEEKS_PER_YEAR


@pytest.fixture(scope="module")
def made() -> DrugPolicyModel:
    """Some hundreds of people who lived a year and a half, most of them at rest; the last week lived was a midyear."""
    made = model(people=400, years=2, parameters=BUSY)
    for _ in range(WEEKS_PER_YEAR + MIDYEAR + 1):
        made.step()
    made.close()
    return made


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_groups_of_each_dimension_add_up_to_the_whole(made: DrugPolicyModel, dimension: str) -> None:
    counts, rows = made.outcomes, [k for k, (name, _) in enumerate(GROUPS) if name == dimension]
    for year, weeks in ((0, slice(0, WEEKS_PER_YEAR)), (1, slice(WEEKS_PER_YEAR, None))):
        midyear = counts.stocks[year * WEEKS_PER_YEAR + MIDYEAR].sum(axis=0)
        assert np.array_equal(counts.group_stocks[year, rows].sum(axis=0), midyear)
        expected = counts.sums[weeks].sum(axis=(0, 1))
        assert counts.group_sums[year, rows].sum(axis=0) == pytest.approx(expected, rel=1e-12)
        assert counts.group_sums[year, rows, Sum.EXPECTED_DEATHS].all() or dimension == "age"


def test_people_are_counted_in_their_own_groups(made: DrugPolicyModel) -> None:
    people, places = made.look(), made.places
    found = stocks_by_group(made.records, places, made.records.size)
    use = uses_now(people["use"])
    illicit = np.delete(use, Substance.ALCOHOL, axis=1).any(axis=1)
    of = {"quintile": places["quintile"][people["neighbourhood"]], "age": people["band"], "sex": people["sex"],
          "ethnicity": people["ethnicity"]}  # fmt: skip
    for k, (dimension, group) in enumerate(GROUPS):
        they = people["present"] & (of[dimension] == DIMENSIONS[dimension].index(group))
        assert found[k, Stock.POPULATION] == np.count_nonzero(they)
        assert found[k, Stock.USING_ILLICIT] == np.count_nonzero(they & illicit)
    assert 0 < found[:, Stock.USING_ILLICIT].sum() < found[:, Stock.USING].sum()


def test_the_table_has_a_row_for_each_whole_year_and_group(made: DrugPolicyModel) -> None:
    table = made.outcomes.by_group(made.one_in)
    assert list(zip(table["year"], table["dimension"], table["group"], strict=True)) == [
        (0, *group) for group in GROUPS
    ]
    women = table[table["group"] == "women"].iloc[0]
    row = GROUPS.index(("sex", "women"))
    assert women["population"] == made.outcomes.group_stocks[0, row, Stock.POPULATION] * made.one_in
    assert women["expected_deaths"] == made.outcomes.group_sums[0, row, Sum.EXPECTED_DEATHS] * made.one_in
    assert not {"cost_nhs", "warnings"} & set(table.columns)
