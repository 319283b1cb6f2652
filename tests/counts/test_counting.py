"""What compiled counting takes for granted: the order of stocks and of groups."""

from policysim.counts.counting import DIMENSIONS, FIRST_CARE, FIRST_GROUPS, GROUPS
from policysim.vocabulary.states import Care
from policysim.vocabulary.stocks import Stock


def test_each_kind_of_care_has_the_stock_of_its_name() -> None:
    for care in Care:
        if care != Care.NONE:
            assert Stock[care.name] == FIRST_CARE + care


def test_the_groups_of_a_dimension_follow_one_another() -> None:
    assert len(set(GROUPS)) == len(GROUPS)
    for first, (dimension, groups) in zip(FIRST_GROUPS, DIMENSIONS.items(), strict=True):
        assert GROUPS[first : first + len(groups)] == tuple((dimension, group) for group in groups)
