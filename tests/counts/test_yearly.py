"""A run by year is its weeks by year: events and money added up, people averaged."""

import numpy as np
import pytest
from small_worlds import BUSY, after

from policysim.counts.outcomes import COLUMNS, OUTCOMES
from policysim.vocabulary.time import WEEKS_PER_YEAR


@pytest.mark.slow
def test_years_are_the_weeks_put_together() -> None:
    made = after(2 * WEEKS_PER_YEAR, years=2, burn_in_years=0, parameters=BUSY)
    yearly = made.outcomes.yearly(made.one_in, 0)
    areas = [authority.name for authority in made.place.authorities]
    weekly = made.outcomes.weekly(areas, made.one_in)
    whole = weekly[weekly["area"] == "all"]
    assert list(yearly.columns) == ["year", *COLUMNS] and yearly["year"].tolist() == [0, 1]
    for name in COLUMNS:
        years = whole[name].to_numpy().reshape(2, WEEKS_PER_YEAR)
        expected = years.mean(axis=1) if OUTCOMES[name].stock else years.sum(axis=1)
        np.testing.assert_allclose(yearly[name], expected, rtol=1e-12, atol=1e-9, err_msg=name)
    assert (yearly["overdoses"] > 0).all()
    later = made.outcomes.yearly(made.one_in, WEEKS_PER_YEAR)
    assert later["arrests"].tolist() == yearly["arrests"].tolist()[1:]
